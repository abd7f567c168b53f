"""Days and times of day as files write them, and the SQL that reads them.

DuckDB takes a day from the first ten characters of a text, whatever follows, and knows the zones
that letters name by an old list: BST is Dhaka's. Here the whole text has to be a day, or a day and
a time, and a zone is an offset, UTC or one of the world's by its name.
"""

from __future__ import annotations

DAY = r"\d{4}[-/ ]\d{1,2}[-/ ]\d{1,2}"
CLOCK = r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
#: Names of zones are ASCII, and preparing a pattern of all letters takes DuckDB six times as long.
ZONE = r"\s*(Z|UTC|GMT|[+-](0\d|1[0-4])(:?[0-5]\d)?|[A-Za-z]+/[\w/+-]+)"
#: A time that says no more than its day, as spreadsheets write days, and programs with a zone.
MIDNIGHT = r"[ T]+00:00(:00(\.0+)?)?"
#: 01/09/26 is read in the year 1.
FIRST, LAST = "1970-01-01", "2199-12-31"


def instant(text: str) -> str:
    """The instant in a text, which is trimmed; null where it holds none. Without a zone it is the
    session's."""
    # +0200, as most exports write it, in the form DuckDB reads.
    zoned = rf"regexp_replace({text}, '\s*([+-]\d\d):?(\d\d)$', '\1:\2')"
    cast = f"try_cast(regexp_replace({zoned}, '\\s*GMT$', ' UTC') as timestamptz)"
    return (
        f"case when regexp_full_match({text}, '{DAY}({CLOCK}({ZONE})?)?')"
        f" and {cast} between timestamptz '{FIRST}' and timestamptz '{LAST}' then {cast} end"
    )


def time_of_day(text: str) -> str:
    """The instant in a text of a day; null where it holds a day alone, or that day's midnight."""
    has_time = f"contains({text}, ':') and not regexp_full_match({text}, '{DAY}{MIDNIGHT}')"
    return f"case when {has_time} then {instant(text)} end"


def day(text: str) -> str:
    """The day in a text, which is trimmed; null where it holds none. Of an instant with a zone it
    is the session's, of a midnight the one that is written: a program made an instant of a day."""
    at = instant(text)
    cast = f"try_cast({text} as date)"
    has_zone = f"regexp_full_match({text}, '{DAY}{CLOCK}{ZONE}')"
    is_midnight = f"regexp_full_match({text}, '{DAY}{MIDNIGHT}({ZONE})?')"
    found = f"case when {has_zone} and not {is_midnight} then ({at})::date else {cast} end"
    is_day = f"(regexp_full_match({text}, '{DAY}') or ({at}) is not null)"
    return (
        f"case when {is_day} and {cast} between date '{FIRST}' and date '{LAST}' then {found} end"
    )
