"""A server between us and the vendors, which spoils answers on the wire as nobody who speaks HTTP
well could."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

#: Nothing hostile is sent for longer, so that a test of a client without bounds fails and ends.
LONGEST_SECONDS = 20.0


@dataclass
class Asked:
    """A request, and the answer the vendor gives to it, which is asked for if it is looked at."""

    path: str
    sent: bytes
    ask: Callable[[], tuple[int, dict[str, str], bytes]]

    @cached_property
    def answer(self) -> tuple[int, dict[str, str], bytes]:
        return self.ask()

    @property
    def body(self) -> bytes:
        return self.answer[2]


#: Answers in the vendor's place; false where this request is not to be spoilt.
Harm = Callable[["Line", Asked], bool]


@dataclass
class Line:
    """The open connection to the client, and what went over it so far."""

    handler: BaseHTTPRequestHandler
    ends: float = field(default_factory=lambda: time.monotonic() + LONGEST_SECONDS)

    def raw(self, content: bytes) -> bool:
        """Send bytes as they are; false once nobody listens, or for too long already."""
        try:
            self.handler.wfile.write(content)
            self.handler.wfile.flush()
        except OSError:
            return False
        return time.monotonic() < self.ends

    def send(self, body: bytes, status: int = 200, **headers: str) -> bool:
        """A whole answer, with the length it has unless another is named; its connection ends."""
        named = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        named["Connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
        self.handler.close_connection = True
        return self.raw(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body)

    def drip(self, content: bytes, seconds: float = 0.02) -> bool:
        """A byte at a time, for as long as anybody listens."""
        self.handler.close_connection = True
        while True:
            for byte in content:
                if not self.raw(bytes([byte])):
                    return True
                time.sleep(seconds)

    def reset(self) -> None:
        """Break the connection off, without a goodbye."""
        connection = self.handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.handler.close_connection = True
        connection.close()


class GoBetween:
    """Passes requests on to the vendors at `target`, and lets `harm` answer in their place."""

    def __init__(self, target: str) -> None:
        self.harm: Harm = lambda line, asked: False
        self.requests = 0
        parts = urlsplit(target)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                outer.requests += 1
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.path, sent, lambda: self._ask(sent))
                line = Line(self)
                with contextlib.suppress(OSError, ValueError):
                    if not outer.harm(line, asked):
                        status, _, body = asked.answer
                        line.send(body, status)

            def _ask(self, sent: bytes) -> tuple[int, dict[str, str], bytes]:
                vendor = http.client.HTTPConnection(parts.hostname or "", parts.port)
                headers = {**self.headers, "Accept-Encoding": "identity"}
                vendor.request(self.command, self.path, sent or None, headers)
                answer = vendor.getresponse()
                named = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, named, answer.read()

            do_GET = do_POST = handle_any

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
