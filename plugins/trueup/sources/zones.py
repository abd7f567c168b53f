"""Time zones by whatever name: vendors keep names that the zone database has renamed since.

Google writes Asia/Calcutta and Europe/Kiev, as CLDR does, where others write Asia/Kolkata and
Europe/Kyiv. What counts is whether the days are the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

#: Days are compared once a week: clocks that differ do so for longer.
_FIRST, _WEEKS = datetime(2000, 1, 1, tzinfo=UTC), 52 * 40


def have_same_days(one: object, other: str) -> bool:
    """Whether days begin and end at the same instants in both zones."""
    return one == other or (isinstance(one, str) and _have_same_clocks(one, other))


@lru_cache(maxsize=256)
def _have_same_clocks(one: str, other: str) -> bool:
    try:
        zones = ZoneInfo(one), ZoneInfo(other)
    except (OSError, ValueError, KeyError):
        return False  # a name that this machine does not know
    moments = (_FIRST + timedelta(weeks=week) for week in range(_WEEKS))
    return all(
        moment.astimezone(zones[0]).utcoffset() == moment.astimezone(zones[1]).utcoffset()
        for moment in moments
    )


def is_one(name: object) -> bool:
    """Whether `name` is a zone's."""
    try:
        return isinstance(name, str) and bool(ZoneInfo(name))
    except (OSError, ValueError, KeyError):
        return False
