"""Single fields of Cloudbeds' records, each with what makes a record none that can be used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from trueup.sources.cloudbeds.client import Record

#: A truth as JSON has it, and as text and numbers that programs send in its place.
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class OddRecord(ValueError):
    """A record that cannot be a row; says why without what it holds."""


def an_object(value: Any) -> Record:
    if not isinstance(value, dict):
        raise OddRecord("it is no object")
    return value


def objects(value: Any) -> list[Record]:
    """The rooms of a record."""
    if not isinstance(value, list) or not all(isinstance(room, dict) for room in value):
        raise OddRecord("its rooms are no list of objects")
    return value


def text(record: Record, name: str) -> str:
    value = record.get(name)
    if value is None or value == "" or isinstance(value, dict | list):
        raise OddRecord(f"{name} is missing")
    return str(value)


def day(record: Record, name: str) -> date:
    """A day, also where the vendor sends it with a time of day."""
    try:
        return date.fromisoformat(str(record.get(name))[:10])
    except ValueError:
        raise OddRecord(f"{name} is no day") from None


def instant(value: Any, zone: Any, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise OddRecord(f"{name} is no date and time") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def truth(record: Record, name: str) -> bool | None:
    """Whether it says yes; none where it says nothing. A text is read: `false` is no yes."""
    value = record.get(name)
    if value is None:
        return None
    found = _TRUTHS.get(str(value).lower()) if isinstance(value, bool | int | str) else None
    if found is None:
        raise OddRecord(f"{name} is neither true nor false")
    return found
