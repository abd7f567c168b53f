"""A vendor on this machine that answers as a test says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from loopback import serving

#: What a path is asked with, of its query and its body, to the answer's content.
Answer = Callable[[str, dict[str, Any]], Any]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """The address at which `answer` gives the content of each answer, as long as the block runs."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            asked: dict[str, Any] = dict(parse_qsl(parts.query))
            asked |= json.loads(sent) if sent.startswith("{") else dict(parse_qsl(sent))
            body = json.dumps(answer(unquote(parts.path), asked)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

    with serving(Answers) as url:
        yield url
