"""The export's tables: which one stands for a day, which days have none, what a table must hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from trueup.errors import BrokenContract
from trueup.sources.contract import Absent
from trueup.sources.ga4.streams import (
    BIGQUERY_TYPE,
    FIELDS,
    FINAL_AFTER_DAYS,
    ITEM_PATHS,
    PARAMETER_PATHS,
    Field,
)
from trueup.sources.refusals import Place
from trueup.window import Window


@dataclass(frozen=True)
class DayTable:
    """The one table that stands for a day. `is_final` once no late event can come any more."""

    name: str
    day: date
    kind: str
    is_final: bool


def pick_tables(
    names: Iterable[str], window: Window, place: Place
) -> tuple[list[DayTable], list[Absent]]:
    """The daily table of each day, else the fresh one, else its intraday table; and the days with
    none of them. Fresh tables are those of 360 properties, written through the day.

    A day is final when a daily table exists three days on: the vendor's calendar decides, not
    this machine's clock.
    """
    found = _dated(names)
    if not found:
        raise BrokenContract(
            "the export has no table of events",
            **place,
            next_step="look at the property's BigQuery link: it may be off, export to another"
            " dataset, or be younger than a day",
        )
    first = date.fromisoformat(min(name[-8:] for name in found))
    daily = [name[-8:] for name in found if name == f"events_{name[-8:]}"]
    newest = date.fromisoformat(max(daily)) if daily else None
    tables: list[DayTable] = []
    absent = list(before_first_day(first, window))
    for day in window.days():
        choices = {
            "daily": f"events_{day:%Y%m%d}",
            "fresh": f"events_fresh_{day:%Y%m%d}",
            "intraday": f"events_intraday_{day:%Y%m%d}",
        }
        kind = next((kind for kind, name in choices.items() if name in found), None)
        if kind:
            is_old = newest is not None and (newest - day).days >= FINAL_AFTER_DAYS
            final = kind == "daily" and is_old
            tables.append(DayTable(choices[kind], day, kind, final))
        elif day > first:
            is_gap = newest is not None and day < newest
            why = f"the export has no table {choices['daily']}, nor {choices['intraday']}"
            if not is_gap:
                why += f"; its newest daily one is of {newest or 'no day'}, Google may be late"
            absent.append(
                Absent(Window(day, day + timedelta(days=1)), why, "gap" if is_gap else "late")
            )
    return tables, absent


def newest_written(names: Iterable[str], day: date) -> date:
    """The newest day up to `day` for which no table is still to come; `day` if there is none."""
    found = _dated(names)
    if not found:
        return day
    dates = {name: date.fromisoformat(name[-8:]) for name in found}
    daily = {day for name, day in dates.items() if name == f"events_{name[-8:]}"}
    intraday = {day for name, day in dates.items() if name != f"events_{name[-8:]}"}
    newest = max(daily) if daily else min(intraday)
    while newest + timedelta(days=1) in intraday:
        newest += timedelta(days=1)
    return min(newest, day)


def _dated(names: Iterable[str]) -> set[str]:
    return {name for name in names if re.fullmatch(r"events_(intraday_|fresh_)?\d{8}", name)}


def before_first_day(first: date, window: Window) -> Iterator[Absent]:
    """The days of `window` before the export's first, which Google never fills in."""
    if window.since < first:
        days = Window(window.since, min(first, window.until))
        yield Absent(days, f"the export begins on {first}, the days before it are empty", "before")


@dataclass(frozen=True)
class Present:
    """What a table has of what we read: its fields, and their paths with those that repeat."""

    fields: tuple[Field, ...]
    paths: frozenset[str]


#: What a copy of the export may lack, and be read without: amounts that only stand in for others.
_SPARE = {f"event_params.value.{part}" for part in ("float_value", "double_value")} | set(
    ITEM_PATHS
)


def check_fields(present: Mapping[str, str], table: DayTable, place: Place) -> Present:
    """The needed fields a table has; one it should have and lacks, or a retyped one, is an error.

    `present` maps dotted paths to BigQuery's type names. Fields nobody here knows are left alone.
    """
    needed = {field.path: BIGQUERY_TYPE[field.type] for field in FIELDS}
    needed |= PARAMETER_PATHS | ITEM_PATHS
    lackable = {field.path for field in FIELDS if field.may_lack(table.day, table.kind)} | _SPARE
    optional = {field.path for field in FIELDS if field.optional} | _SPARE
    found = set()
    for path, wanted in needed.items():
        if present.get(path) == wanted or (path in optional and present.get(path) in _NUMBERS):
            found.add(path)
        elif path not in optional and (path in present or path not in lackable):
            raise column_error(path, table.name, place, wanted, present.get(path))
    return Present(tuple(f for f in FIELDS if f.path in found), frozenset(found))


_NUMBERS = ("INTEGER", "FLOAT", "NUMERIC", "BIGNUMERIC")


def column_error(
    path: str, table: str, place: Place, expected: object, got: object
) -> BrokenContract:
    problem = "is missing from" if got is None else "is retyped in"
    return BrokenContract(
        f"column {path} {problem} table {table}",
        **place,
        expected=expected,
        got=got or "no such column",
        next_step="compare with Google's export schema, then change sources/ga4/streams.py",
    )
