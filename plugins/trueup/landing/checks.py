"""What must hold before a load exists: keys, the vendor's totals, days, and no silent gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trueup.errors import BrokenContract
from trueup.landing.store import LandedFile, Landing, Load
from trueup.sources.contract import Absent, ControlTotal, SetAside, Stream
from trueup.window import Window

#: A settled day may lose this share of its rows (bot clean-ups, merged contacts) before the
#: fetch is called shrunken; below it, the old load stays and a person decides.
SHRINK_FLOOR = 0.5
#: Days with fewer rows than this are too small to judge by a share.
SHRINK_MINIMUM_ROWS = 50
#: For each day already landed, the load it is read from.
KnownDays = Mapping[date, Load]


@dataclass
class Tally:
    """What has been written so far, for the checks and the manifest."""

    files: list[LandedFile] = field(default_factory=list)
    row_count: int = 0
    stated: list[ControlTotal] = field(default_factory=list)
    rejected: list[SetAside] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    extra: set[str] = field(default_factory=set)

    @property
    def before(self) -> set[date]:
        """The days before the vendor's first one."""
        found = [page.days for page in self.absent if page.kind == "before"]
        return {day for days in found for day in days.days()}


def known_days(landing: Landing, source: str, stream: Stream, account: str) -> KnownDays:
    """The load each day of an account is read from now."""
    return {
        day: load
        for load, days in landing.current(source, stream)
        if load.account == account
        for day in days
    }


def check(
    stream: Stream,
    window: Window,
    tally: Tally,
    measured: dict[str, Any],
    place: dict[str, Any],
) -> None:
    if measured["repeated"]:
        *key, count = measured["repeated"]
        raise BrokenContract(
            "a key comes more than once (a page fetched twice?)",
            **place,
            expected=f"one row per ({', '.join(stream.key)})",
            got=f"{count} rows for {key}",
            next_step="run the task again; if it repeats, the stream's natural key is wrong",
        )
    _check_totals(tally, measured, place)
    outside = [day for day in measured["days"] if datetime.fromisoformat(day).date() not in window]
    if outside and stream.kind != "snapshot":
        raise BrokenContract(
            "rows lie outside the window that was asked for",
            **place,
            got=f"rows of {outside[0]}"
            + (f" and {len(outside) - 1} more days" if outside[1:] else ""),
            next_step="check the account's time zone in the company file",
        )


def _check_totals(tally: Tally, measured: dict[str, Any], place: dict[str, Any]) -> None:
    for total in tally.stated:
        kind, _, column = total.name.partition(":")
        got = Decimal(tally.row_count if kind == "rows" else measured["sums"][column])
        if got != Decimal(total.value):
            raise BrokenContract(
                f"the vendor's own total of {total.name} is not what was fetched (a lost page?)",
                **place,
                expected=total.value,
                got=got,
                next_step="run the task again; if it repeats, compare page counts with the vendor",
            )


def check_absence(tally: Tally, empty_ok: bool, known: KnownDays, place: dict[str, Any]) -> None:
    taken, empty = ("before", "gap") if empty_ok else ("before",), taken_as_empty(known)
    open_ones = [
        page
        for page in tally.absent
        if page.kind not in taken
        and not (page.kind == "gap" and empty.issuperset(page.days.days()))
    ]
    if open_ones:
        first = open_ones[0]
        always = f", or add the stream to sources.{place['source']}.allow_empty"
        raise BrokenContract(
            first.why,
            **place,
            got="" if len(open_ones) == 1 else f"{len(open_ones)} such problems",
            next_step="look in the vendor's own interface; if nothing is to come, take it with"
            f" `trueup land --accept-empty`{always if first.kind == 'gap' else ''}",
        )


def check_emptiness(
    stream: Stream,
    window: Window,
    tally: Tally,
    counts: dict[str, int],
    empty_ok: bool,
    known: KnownDays,
    place: dict[str, Any],
) -> None:
    if stream.kind == "snapshot":
        empty = [] if tally.row_count else [window.last_day]
    elif stream.kind == "day":
        due = sorted(set(window.days()) - tally.before - taken_as_empty(known))
        empty = [day for day in due if not counts.get(day.isoformat())]
    else:
        empty = []
    if empty and not (empty_ok or stream.empty_ok):
        raise BrokenContract(
            "the vendor sent no row for a day that should have some",
            **place,
            expected="at least one row a day",
            got=f"{len(empty)} empty day(s), first {empty[0]}",
            next_step="look in the vendor's own interface; if the day is truly empty, add the"
            f" stream to sources.{place['source']}.allow_empty",
        )


def taken_as_empty(known: KnownDays) -> set[date]:
    """The days whose load in force has no row: once a person or the company file took a day so,
    fetching it again for restatement asks nobody a second time."""
    return {day for day, load in known.items() if not load.day_counts.get(day.isoformat())}


def check_shrinkage(
    window: Window, tally: Tally, counts: dict[str, int], known: KnownDays, place: dict[str, Any]
) -> None:
    expired = tally.before
    for day in window.days():
        load = known.get(day)
        before = load.day_counts.get(day.isoformat(), 0) if load else 0
        now = counts.get(day.isoformat(), 0)
        shrank = before >= SHRINK_MINIMUM_ROWS and now < before * SHRINK_FLOOR
        if load and (shrank or (before and not now and day in expired)):
            raise BrokenContract(
                f"the fetch of {day} shrank; the earlier load stays",
                **place,
                expected=f"about the {before} rows of load {load.load_id}",
                got=f"{now} rows",
                next_step="if the vendor really removed them: `trueup land --accept-empty`",
            )
