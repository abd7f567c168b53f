"""What a vendor in trouble, or somebody in its place, may answer: one function a kind."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any

from hostile.go_between import Asked, Line

Kind = Callable[[Line, Asked], object]

#: What stands in hostile answers and must stand in no text and no file of ours.
PLANTED = {
    "e-mail": "ann.planted@example.com",
    "phone": "+49 151 2345 6789",
    "token": "shpat_0123456789abcdef0123456789abcdef",
    "name": "Ann Planted",
}
_PROSE = " ".join(PLANTED.values())


def drip(line: Line, asked: Asked) -> object:
    line.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    return line.drip(b" ")


def drip_headers(line: Line, asked: Asked) -> object:
    line.raw(b"HTTP/1.1 200 OK\r\n")
    return line.drip(b"X-Wait: a\r\n")


def drip_status(line: Line, asked: Asked) -> object:
    return line.drip(b"HTTP/1.1 200 " + b"O" * 10_000)


def continue_for_ever(line: Line, asked: Asked) -> object:
    while line.raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 50):
        pass
    return True


def drip_chunk_sizes(line: Line, asked: Asked) -> object:
    line.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    return line.drip(b"1;" + b"x" * 10_000)


def trailers_for_ever(line: Line, asked: Asked) -> object:
    line.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    while line.raw(b"X-More: trailers\r\n" * 50):
        pass
    return True


def silent(line: Line, asked: Asked) -> object:
    """Not a byte, and the connection stays open."""
    line.handler.connection.settimeout(10)
    return line.handler.rfile.read(1)


def huge(line: Line, asked: Asked) -> object:
    """200 MB, without a word about it."""
    line.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[")
    line.handler.close_connection = True
    for _ in range(200):
        if not line.raw(b'"x",' * 2**18):
            break
    return True


@cache
def bombs() -> tuple[bytes, bytes, bytes]:
    """200 MB, packed once, twice, and in 2,000 pieces."""
    once = gzip.compress(b'["' + b" " * 200 * 2**20 + b'"]', 1)
    return once, gzip.compress(once), gzip.compress(b" " * 100_000) * 2_000


def bomb(line: Line, asked: Asked) -> object:
    return line.send(bombs()[0], Content_Encoding="gzip")


def bomb_in_a_bomb(line: Line, asked: Asked) -> object:
    return line.send(bombs()[1], Content_Encoding="gzip, gzip")


def many_members(line: Line, asked: Asked) -> object:
    return line.send(bombs()[2], Content_Encoding="gzip")


def packed_otherwise(line: Line, asked: Asked) -> object:
    return line.send(b"\x1b\x03\x00\xf8", Content_Encoding="br")


def packed_and_cut(line: Line, asked: Asked) -> object:
    packed = gzip.compress(asked.body)
    return line.send(packed[: len(packed) // 2], Content_Encoding="gzip")


def said_to_be_packed(line: Line, asked: Asked) -> object:
    return line.send(asked.body, Content_Encoding="gzip")


def later(asked_for: str) -> Kind:
    return lambda line, asked: line.send(b"{}", 429, Retry_After=asked_for)


def a_year_ahead() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(days=365), usegmt=True)


def body(make: Callable[[bytes], bytes], **headers: str) -> Kind:
    return lambda line, asked: line.send(make(asked.body), **headers)


def longer_than_said(line: Line, asked: Asked) -> object:
    return line.send(asked.body, Content_Length=str(max(len(asked.body) // 2, 1)))


def shorter_than_said(line: Line, asked: Asked) -> object:
    return line.send(asked.body, Content_Length=str(len(asked.body) + 1000))


def odd_length(line: Line, asked: Asked) -> object:
    return line.send(asked.body, Content_Length="-7")


def reset(line: Line, asked: Asked) -> object:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(asked.body) + 9}\r\n\r\n".encode()
    line.raw(head + asked.body[: len(asked.body) // 2])
    line.reset()
    return True


def redirect(target: str, status: int = 302) -> Kind:
    return lambda line, asked: line.send(b"", status, Location=target)


def redirect_in_a_circle(line: Line, asked: Asked) -> object:
    return line.send(b"", 302, Location=asked.path)


def refused_with_prose(status: int) -> Kind:
    """An error whose text repeats a row of somebody's, and what was sent."""
    error = {
        "error": {
            "message": _PROSE, "code": _PROSE, "status": _PROSE, "errors": [{"reason": _PROSE}],
        },
        "errors": [{"message": _PROSE, "extensions": {"code": _PROSE}}],
        "message": _PROSE, "category": _PROSE, "correlationId": _PROSE,
    }  # fmt: skip
    content = json.dumps(error).encode()
    return lambda line, asked: line.send(content, status)


def page_of_prose(line: Line, asked: Asked) -> object:
    page = f"<html><body><h1>{_PROSE}</h1></body></html>".encode()
    return line.send(page, Content_Type="text/html")


#: A number as vendors write one, as text or bare, after the key of a value; longer ones are ids.
_NUMBER = re.compile(
    rb'(?<=": )("?)\d{1,7}(\.\d+)?\1(?=[,}\]])|(?<=":)("?)\d{1,7}(\.\d+)?\3(?=[,}\]])'
)
_TEXT = re.compile(rb'((?:[nN]ame|source|landingPage|v)": ?")([A-Za-z][^"\\]{2,})(?=")')


def numbers(value: bytes) -> Kind:
    """Every number of the answer is `value`; of a CSV, every rate."""

    def make(content: bytes) -> bytes:
        changed, count = _NUMBER.subn(lambda _: value, content)
        return changed if count else re.sub(rb"\d+\.\d+", value, content)

    return body(make)


def texts(value: bytes) -> Kind:
    """`value` stands in names; of a CSV, in its first line but one."""

    def make(content: bytes) -> bytes:
        changed, count = _TEXT.subn(lambda found: found[1] + found[2] + value, content)
        return changed if count or content[:1] in b"{[" else content.replace(b"A,", value + b"A,")

    return body(make)


def keys_twice(content: bytes) -> bytes:
    text = content.lstrip()
    if text[:1] == b"[":
        return b"[" + keys_twice(text[1:])
    first = re.match(rb'\{"([^"]+)":', text)
    return b'{"' + first[1] + b'": {"a": 1}, ' + text[1:] if first else content + content


def nested(opening: bytes, closing: bytes, depth: int = 200_000) -> Kind:
    return body(lambda content: opening * depth + b"1" + closing * depth)


def changed(change: Callable[[Any], Any]) -> Kind:
    """The answer's JSON, changed; the answer itself where `change` gives None."""

    def make(line: Line, asked: Asked) -> object:
        found = change(json.loads(asked.body))
        return line.send(asked.body if found is None else json.dumps(found).encode())

    return make
