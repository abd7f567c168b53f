"""The text of a delivered file: unpacked, decoded, cut into lines."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

#: A text is held in memory, as lines, which takes some times as much.
LARGEST_TEXT_BYTES = 4 * 2**30
#: What a packed file may unpack to where it is read a piece at a time.
LARGEST_UNPACKED_BYTES = 16 * 2**30
#: Values within values of JSON; real ones have a handful.
MOST_DEPTH = 200
_JSON_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
#: Above this share of lines that do not decode it is the file that is in another encoding.
UNDECODED_SHARE = 0.01
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
#: What bytes that do not decode are kept as.
UNDECODED = re.compile("[\ud800-\udfff]")
#: Bytes at a file's start that say it is no text.
ARCHIVES = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}
PACKED = b"\x1f\x8b"
#: Bytes that say which Unicode it is.
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class Unreadable(ValueError):
    """The file as a whole cannot be read as text; the message, which goes on from its name, says
    why and what helps."""


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file, unpacked where it is packed. Raises Unreadable where it is not whole; a disk that
    cannot be read is no fault of the file."""
    try:
        with gzip.open(path, "rb") if _is_packed(path) else path.open("rb") as one:
            yield one  # type: ignore[misc]
    except (EOFError, zlib.error, OSError) as error:
        raise Unreadable(f"is not whole ({type(error).__name__})") from None


def _is_packed(path: Path) -> bool:
    """By its first bytes: stores unpack a file on its way and leave its name, and what rotates a
    log packs it under a name of its own."""
    with path.open("rb") as file:
        return file.read(2) == PACKED


def check_size(path: Path) -> None:
    """Raise Unreadable where a packed file unpacks to more than any delivery is: a small file can
    hold what fills a disk."""
    if not path.name.lower().endswith(".gz"):
        return
    size = 0
    with _opened(path) as handle:
        while chunk := handle.read(2**20):
            size += len(chunk)
            if size > LARGEST_UNPACKED_BYTES:
                raise _too_large(LARGEST_UNPACKED_BYTES, "unpacked")


def check_depth(path: Path) -> None:
    """Raise Unreadable where JSON is nested without end, which ends DuckDB's process. What no
    bracket of its own closes is counted line by line, as lines may be cut off."""
    with _opened(path) as handle:
        for line in handle:
            if line.count(b"[") + line.count(b"{") > MOST_DEPTH and _is_deep(line):
                raise Unreadable("is JSON nested without end")


def _is_deep(line: bytes) -> bool:
    left = _JSON_TEXT.sub(b"", line).translate(None, _NO_BRACKETS)
    for _ in range(MOST_DEPTH):
        inner = left.replace(b"[]", b"").replace(b"{}", b"")
        if len(inner) == len(left):
            return len(left) > MOST_DEPTH
        left = inner
    return bool(left)


def _too_large(most: int, otherwise: str) -> Unreadable:
    return Unreadable(f"holds more than {most} bytes: deliver it in several files, or {otherwise}")


def _without_hole(content: bytes) -> bytes:
    """A log that was cut while its writer kept its place begins with as many zeros as were cut.
    Programs of DOS end a text with a sign of its own."""
    content = content.lstrip(b"\0") if content.startswith(b"\0\0\0\0") else content
    return content.removesuffix(b"\x1a")


def first_lines(path: Path, encoding: str, count: int = 30) -> list[str]:
    """The first lines of the file, none where it cannot be read."""
    try:
        return lines_of(path, encoding)[:count]
    except Unreadable:
        return []


def first_bytes(path: Path) -> bytes:
    with _opened(path) as handle:
        return handle.read(4)


def lines_of(path: Path, encoding: str) -> list[str]:
    """The file's lines with their ends. Bytes that do not decode become lone surrogates."""
    with _opened(path) as handle:
        content: bytes = handle.read(LARGEST_TEXT_BYTES + 1)
    if len(content) > LARGEST_TEXT_BYTES:
        raise _too_large(LARGEST_TEXT_BYTES, "as Parquet")
    content = _without_hole(content)
    for start, what in ARCHIVES.items():
        if content.startswith(start):
            raise Unreadable(f"is {what}: export it as CSV")
    for mark, stated in MARKS.items():
        if content.startswith(mark):
            encoding = stated
    if content[:4000].count(0) > len(content[:4000]) / 4 and not encoding.startswith("utf-16"):
        raise Unreadable("looks like UTF-16: name it in the feed's reader, {encoding: utf-16}")
    try:
        return LINE.findall(content.decode(encoding))
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-16"):
            raise Unreadable(f"is not whole UTF-16 ({error.reason})") from None
        lines = LINE.findall(content.decode(encoding, "surrogateescape"))
    odd = [number for number, line in enumerate(lines, 1) if UNDECODED.search(line)]
    if len(odd) > UNDECODED_SHARE * len(lines):
        raise Unreadable(
            f"is not in the encoding {encoding}, see line {odd[0]}: name it in the feed's reader,"
            " such as {encoding: latin-1}"
        )
    return lines
