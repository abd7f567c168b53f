"""JSON as its standard has it: what Python's reader takes besides is no answer of a vendor's.

A key twice in one object and nesting without end make an answer unreadable, which is asked for
again and then refused. NaN, Infinity and numbers of thousands of digits are kept as the texts they
are, which no column of numbers takes: they cost their row. Halves of characters, which vendors
leave where they cut a name, and NUL, which no database takes, become U+FFFD.
"""

from __future__ import annotations

import json
import re
from typing import Any

#: Half a character, or NUL, as an escape; whole characters and escaped backslashes before them are
#: taken along, so that none is looked at in the middle.
_ESCAPE = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000)|(\\.)"
)
_MAY_HOLD_ONE = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")

_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a flag"}


class Unreadable(ValueError):
    """An answer that cannot be read; what is said of it is never part of it."""


def read(content: bytes) -> Any:
    """What `content` holds. Raises Unreadable."""
    try:
        return _parsed(printable(content).decode("utf-8-sig"))
    except Unreadable:
        raise
    except UnicodeDecodeError:
        raise Unreadable("not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"no JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise Unreadable("JSON nested without end") from None


def read_object(content: bytes) -> dict[str, Any]:
    """The object that `content` holds; an empty one where it holds none that can be read."""
    try:
        found = read(content)
    except Unreadable:
        return {}
    return found if isinstance(found, dict) else {}


def kind(found: Any) -> str:
    """What a value of JSON is, without a word of what it holds."""
    if found is None:
        return "null"
    return _KINDS.get(type(found), "a number")


def printable(content: bytes) -> bytes:
    """JSON without escapes that stand for no character."""
    if not _MAY_HOLD_ONE.search(content):
        return content
    text = content.decode("utf-8", "surrogateescape")
    cleaned = _ESCAPE.sub(lambda found: found[1] or found[2] or "\\ufffd", text)
    return cleaned.encode("utf-8", "surrogateescape")


def _parsed(text: str) -> Any:
    options: dict[str, Any] = {"parse_constant": str, "object_pairs_hook": _object}
    try:
        return json.loads(text, **options)
    except (Unreadable, json.JSONDecodeError):
        raise
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        return json.loads(text, **options, parse_int=_whole)


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a key twice in one object")
    return found
