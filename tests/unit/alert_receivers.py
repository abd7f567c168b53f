"""Receivers of messages on loopback, which keep what they were sent and answer as a test says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from loopback import serving

#: What a receiver answers: a status, headers and a body (JSON, or bytes as they are); or None, for
#: no answer at all.
Answer = tuple[int, dict[str, str], Any]


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: Any
    raw: bytes


@dataclass
class Loopback:
    """`answers` are given in turn, one for each request; then `usual`. A number in `hangs` is
    waited for before the answer."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)
    usual: Callable[[Request], Answer] = lambda _: (202, {}, {"status": "success"})
    hangs: float = 0.0

    def bodies(self) -> list[Any]:
        return [request.body for request in self.requests]


@contextmanager
def listening(usual: Callable[[Request], Answer] | None = None) -> Iterator[Loopback]:
    kept = Loopback()
    if usual:
        kept.usual = usual

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            request = Request(self.path, dict(self.headers), json.loads(raw), raw)
            kept.requests.append(request)
            time.sleep(kept.hangs)
            answer = kept.answers.pop(0) if kept.answers else kept.usual(request)
            if answer is None:
                self.close_connection = True
                return
            status, headers, body = answer
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as url:
        kept.url = url
        yield kept
