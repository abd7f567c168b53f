"""The text of a delivered file: unpacked, decoded, cut into lines."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

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
#: Bytes that say which Unicode it is.
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class Unreadable(ValueError):
    """The file as a whole cannot be read as text; the message, which goes on from its name, says
    why and what helps."""


def first_lines(path: Path, encoding: str, count: int = 30) -> list[str]:
    """The first lines of the file, none where it cannot be read."""
    try:
        return lines_of(path, encoding)[:count]
    except Unreadable:
        return []


def lines_of(path: Path, encoding: str) -> list[str]:
    """The file's lines with their ends. Bytes that do not decode become lone surrogates."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rb") as handle:
            content: bytes = handle.read()
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        raise Unreadable(f"is not whole ({type(error).__name__})") from None
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
