"""One record as HubSpot sends it, and what can be wrong with it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trueup.sources import moments

Record = dict[str, Any]
#: Digits of the largest id there is; a longer one is none.
LONGEST_ID = 20
_FLAGS = {"true": True, "false": False}


class OddRecord(ValueError):
    """Something about one record that cannot be read; the others can."""


@dataclass(frozen=True)
class Entry:
    """What a property was set to, when, and by what: CRM_UI, FORM, IMPORT and their like."""

    at: datetime
    value: str | None
    written_by: str | None = None


def has_id(record: Any) -> bool:
    value = str(record.get("id", "")) if isinstance(record, dict) else ""
    return value.isdecimal() and len(value) <= LONGEST_ID


def properties_of(record: Record) -> Record:
    """The record's properties. Raises OddRecord where it has none."""
    found = record.get("properties")
    if not isinstance(found, dict):
        raise OddRecord("it has no properties")
    return found


def is_archived(record: Record) -> bool:
    """Raises OddRecord where the record does not say it in a way that can be read."""
    found = flag(record.get("archived"))
    if not isinstance(found, bool):
        raise OddRecord("it does not say whether it is archived")
    return found


def instant(holder: Record, name: str) -> datetime:
    """The ISO 8601 instant at `name`. Raises OddRecord where there is none."""
    try:
        found = datetime.fromisoformat(holder[name])
    except (KeyError, TypeError, ValueError):
        raise OddRecord(f"{name} is no ISO 8601 instant") from None
    if found.tzinfo is None:
        raise OddRecord(f"{name} has no offset from UTC")
    return found.astimezone(UTC)


def history_of(record: Record, name: str) -> list[Entry]:
    """What the property `name` was set to, newest first, as HubSpot lists it. Raises OddRecord
    where its history is none."""
    histories = record.get("propertiesWithHistory", {})
    if not isinstance(histories, dict):
        raise OddRecord("it has no histories of its properties")
    found = histories.get(name, [])
    if not isinstance(found, list):
        raise OddRecord(f"the history of {name} is no list")
    return [_entry(name, one) for one in found]


def _entry(name: str, found: Any) -> Entry:
    at = instant(found, "timestamp")
    value, written_by = found.get("value"), found.get("sourceType")
    if isinstance(value, dict | list) or not isinstance(written_by, str | None):
        raise OddRecord(f"the history of {name} holds what is no value")
    return Entry(at, blank(value), written_by)


def moment(value: Any) -> datetime | None:
    """The moment a date property holds: ISO 8601, or milliseconds since 1970. None where it holds
    neither, and where somebody wrote seconds for milliseconds or a year of two digits."""
    if not value:
        return None
    try:
        text = str(value)
        if text.lstrip("-").isdigit():
            found = datetime.fromtimestamp(int(text) / 1000, UTC)
        else:
            found = datetime.fromisoformat(text)
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None if moments.is_misread(found) else found


def blank(value: Any) -> Any:
    """HubSpot empties a property to an empty text."""
    return None if value == "" else value


def flag(value: Any) -> Any:
    """HubSpot's flags are texts."""
    return _FLAGS.get(value, value) if isinstance(value, str) else value


def in_force(entries: list[Entry], at: datetime) -> Entry | None:
    """The last of `entries`, oldest first, that was written by `at`."""
    return next((entry for entry in reversed(entries) if entry.at <= at), None)
