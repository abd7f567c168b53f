"""What single values of a log line say: moments, ids, whether somebody agreed, what was sent of a
person. Of the person nothing is kept but that.

Programs write a word where they have no value (`undefined`, `NaN`, the name of a variable nobody
filled in), and a whole number as a float where its column lacks one: neither is a value.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

Line = Mapping[str, Any]

#: Seconds since 1970 have ten digits: what has more is milli-, micro- or nanoseconds.
LARGEST_SECONDS = 10**11
#: Where a moment that is an object holds its seconds, or its text.
WITHIN = ("seconds", "_seconds", "$date")
#: How the date of a mail, or of an answer of the web, begins: Thu, 10 Sep 2026 09:59:50 GMT.
OF_MAIL = re.compile(r"[A-Z][a-z]{2}, \d")
FIRST_YEAR, LAST_YEAR = 1990, 2199
#: A SHA-256 hash as hexadecimal, with what Meta's own library puts behind it, or as base64.
HASHED = re.compile(r"[0-9a-fA-F]{64}(\.[\w-]{1,12})?|[A-Za-z0-9+/_-]{43}=?")
TRUE_WORDS = frozenset({"true", "t", "yes", "y", "1", "granted", "consent_granted", "opt_in"})
FALSE_WORDS = frozenset({"false", "f", "no", "n", "0", "denied", "consent_denied", "opt_out"})
LARGEST_AMOUNT = Decimal(10**12)
#: What programs, databases and spreadsheets write where there is nothing.
NOTHING = frozenset({
    "", "null", "none", "nil", "undefined", "nan", "n/a", "#n/a", "<na>", "nat", "-", "--", "\\n",
    "(not set)", "(none)", "[object object]", "{}", "[]", "inf", "+inf", "-inf", "infinity",
    "+infinity", "-infinity",
})  # fmt: skip
#: A variable of a tag manager or a template that was sent by its name.
NOT_FILLED_IN = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|%7B%7B.*%7D%7D")
#: The hashes of such words: the sender hashed what it did not have.
HASHES_OF_NOTHING = frozenset(
    hashlib.sha256(word.encode()).hexdigest()
    for word in ("", " ", "null", "None", "none", "undefined", "NaN", "nan")
)
#: A whole number as programs print a float: `200.0`, `7.142003004005e+14`.
FLOAT = re.compile(r"-?\d{1,18}\.0+|\d(\.\d{1,16})?[eE]\+(0\d|1[0-7])")
#: A status with the words around it: `200 OK`, `HTTP/1.1 404 Not Found`.
STATUS = re.compile(r"(?:HTTP/[\d.]+\s+)?([1-5]\d\d)(?:\s.*)?")


def opened(value: Any) -> Any:
    """What a text of JSON holds; anything else as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def mapping(value: Any) -> dict[str, Any]:
    found = opened(value)
    return found if isinstance(found, dict) else {}


def listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the one object that stands in its place."""
    found = opened(value)
    found = found if isinstance(found, list) else [found]
    return [one for one in map(opened, found) if isinstance(one, dict)]


def first(line: Line, names: Iterable[str]) -> Any:
    """The first of `names` that the line says anything under."""
    return next((line[name] for name in names if not is_nothing(line.get(name))), None)


def is_nothing(value: Any) -> bool:
    """Whether the value stands for none: it is empty, or a word or number programs write then."""
    if value is None:
        return True
    if isinstance(value, str):
        word = value.strip()
        return word.lower() in NOTHING or bool(NOT_FILLED_IN.fullmatch(word))
    if isinstance(value, float | Decimal):
        return not math.isfinite(value)
    return value == [] or value == {}


def text(value: Any) -> str | None:
    """An id or a word without what is around it; a number keeps no `.0` it was never given."""
    if is_nothing(value) or isinstance(value, bool | dict | list):
        return None
    if isinstance(value, float | Decimal) and value == int(value):
        value = int(value)
    found = str(value).strip()
    return str(int(Decimal(found))) if FLOAT.fullmatch(found) and _is_whole(found) else found


def _is_whole(number: str) -> bool:
    found = Decimal(number)
    return found == int(found)


def whole(value: Any) -> int | None:
    found = text(value)
    return int(found) if found and re.fullmatch(r"-?\d{1,15}", found) else None


def status(value: Any) -> int | None:
    """The number of an HTTP answer's status, whatever words stand around it."""
    found = STATUS.fullmatch(text(value) or "")
    return int(found[1]) if found else whole(value)


def truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = (text(value) or "").lower()
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None


def amount(value: Any) -> Decimal | None:
    """A value as programs write it. What is written for readers is not guessed at, and 1_000 is a
    number in Python alone."""
    try:
        written = str(value).strip()
        found = Decimal(written) if written and "_" not in written else None
    except InvalidOperation:
        return None
    if found is None or not found.is_finite() or abs(found) >= LARGEST_AMOUNT:
        return None
    return found.quantize(Decimal("0.000001"))


def moment(value: Any, zone: str) -> datetime | None:
    """An instant: seconds since 1970 or smaller parts of them, or a date and time. One without an
    offset is of `zone`."""
    if isinstance(value, bool) or value is None:
        return None
    value = first(value, WITHIN) if isinstance(value, dict) else value
    found = value if isinstance(value, datetime) else _since_1970(value) or _written(str(value))
    if found is None:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def day_of(instant: datetime | None, zone: str) -> date | None:
    return instant.astimezone(ZoneInfo(zone)).date() if instant else None


def _since_1970(value: Any) -> datetime | None:
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(seconds):
        return None
    while seconds >= LARGEST_SECONDS:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _written(value: str) -> datetime | None:
    plain = re.sub(r"\s*UTC$", "+00:00", value.strip())
    if OF_MAIL.match(plain):
        return _of_mail(plain)
    if not re.search(r"\d:\d", plain):
        return None
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        return None


def _of_mail(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None


def is_sent(line: Line, names: Iterable[str]) -> bool | None:
    """Whether any of `names` was sent; null where the line speaks of none of them."""
    known = [line[name] for name in names if name in line]
    return any(_values(value) for value in known) if known else None


def is_hashed(line: Line, names: Iterable[str]) -> bool | None:
    """Whether all that was sent under `names` is hashed; null where nothing was."""
    sent = [one for name in names if name in line for one in _values(line[name])]
    return all(HASHED.fullmatch(one) for one in sent) if sent else None


def _values(value: Any) -> list[str]:
    found = opened(value)
    if isinstance(found, dict):
        found = list(found.values())
    parts = found if isinstance(found, list) else [found]
    texts = [str(one).strip() for one in parts if not is_nothing(one)]
    return [one for one in texts if one.lower() not in HASHES_OF_NOTHING]
