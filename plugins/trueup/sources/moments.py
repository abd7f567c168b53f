"""Moments as systems write them: the zero of some clock, a year typed short, a day alone."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

#: No system that is read kept its books in an earlier year: 1970, 1899 and 0001 are zeros of clocks
#: (seconds that were read as milliseconds lie there too), and 0026 is a year of two digits.
FIRST_YEAR = 1990


def is_misread(moment: datetime) -> bool:
    return moment.year < FIRST_YEAR


def is_misread_text(text: object) -> bool:
    """Whether a text is such a moment; not where it is none at all."""
    try:
        return is_misread(datetime.fromisoformat(str(text)))
    except ValueError:
        return False


def begin(value: Any, zone: str) -> Any:
    """The first moment of a day where a moment is meant; all else as it came."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return datetime.combine(day, time(), ZoneInfo(zone))
