"""No silent gap: days without rows, days the vendor speaks of as absent, days that shrank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from trueup.errors import BrokenContract
from trueup.landing.checks import Place
from trueup.landing.store import Landing, Load
from trueup.landing.tally import Tally
from trueup.sources.contract import Stream

#: A settled day may lose this share of its rows (bot clean-ups, merged contacts) before the
#: fetch is called shrunken; below it, the old load stays and a person decides.
SHRINK_FLOOR = 0.5
#: Days with fewer rows than this are too small to judge by a share.
SHRINK_MINIMUM_ROWS = 50
#: So many days in a row that all lose every row are a file that is gone, not a row that was
#: deleted or moved to another day.
VANISHED_DAYS = 3
#: Loads that a message names; the rest is counted.
NAMED_LOADS = 3
#: For each day already landed, the load it is read from.
KnownDays = Mapping[date, Load]

#: Where a person sees whether days that are empty or missing are so.
LOOK = "look in the vendor's own interface, or for the file"


class OpenDays(BrokenContract):
    """`days` of the window cannot land; the others can, once they are asked for without them."""

    def __init__(self, problem: str, *, days: Iterable[date] = (), **where: Any) -> None:
        super().__init__(problem, **where)
        self.days = tuple(sorted(days))


class EmptyDays(OpenDays):
    """The vendor sent no row for days that should have some; another account may excuse it."""


def open_days(
    place: Place,
    days: Iterable[date],
    problem: str,
    *,
    next_step: str,
    expected: object = "",
    got: object = "",
    kind: type[OpenDays] = OpenDays,
) -> OpenDays:
    return kind(
        problem,
        days=days,
        source=place.source,
        stream=place.stream.name,
        account=place.account,
        window=place.window,
        expected=expected,
        got=got,
        next_step=next_step,
    )


def known_days(landing: Landing, source: str, stream: Stream, account: str) -> KnownDays:
    """The load each day of an account is read from now."""
    return {
        day: load
        for load, days in landing.current(source, stream)
        if load.account == account
        for day in days
    }


def check_absence(tally: Tally, empty_ok: bool, known: KnownDays, place: Place) -> None:
    fine = {"before", "part"} | ({"gap"} if empty_ok else set())
    empty = accepted_empty(known)
    open_ones = [
        page
        for page in tally.absent
        if page.kind not in fine and not (page.kind == "gap" and empty.issuperset(page.days.days()))
    ]
    if open_ones:
        first = open_ones[0]
        always = f", or add the stream to sources.{place.source}.allow_empty"
        raise open_days(
            place,
            [day for page in open_ones for day in page.days.days()],
            first.why,
            got="" if len(open_ones) == 1 else f"{len(open_ones)} such problems",
            next_step=f"{LOOK}; if nothing is to come, accept it with"
            f" `trueup land {place.source} --accept-empty`{always if first.kind == 'gap' else ''}",
        )


def empty_days(tally: Tally, known: KnownDays) -> list[date]:
    """Days for which the vendor should have sent a row and sent none."""
    if tally.stream.kind == "changes":
        return []
    if tally.stream.kind == "snapshot":
        return [] if tally.offered_count else [tally.window.last_day]
    due = set(tally.window.days()) - tally.first_days - accepted_empty(known)
    return sorted(day for day in due if not tally.offered[day])


def check_emptiness(
    empty: Sequence[date], undated: int, others: Collection[date], place: Place
) -> None:
    """No day is empty, unless another account of the source has rows on it."""
    unexpected = [day for day in empty if day not in others]
    if unexpected:
        raise open_days(
            place,
            unexpected,
            "the vendor sent no row for a day that should have some",
            expected="at least one row a day",
            got=f"{len(unexpected)} empty day(s), first {unexpected[0]}"
            + (f", and {undated} row(s) whose day cannot be read" if undated else ""),
            next_step=f"{LOOK}; if the day is truly empty, add the"
            f" stream to sources.{place.source}.allow_empty",
            kind=EmptyDays,
        )


def accepted_empty(known: KnownDays) -> set[date]:
    """The days whose load in force was offered no row: once a person or the company file accepted
    a day so, fetching it again for restatement asks nobody a second time."""
    offered = {(load.load_id, x.day) for load in _distinct(known) for x in load.days if x.offered}
    return {day for day, load in known.items() if (load.load_id, day) not in offered}


def _distinct(known: KnownDays) -> Collection[Load]:
    return {load.load_id: load for load in known.values()}.values()


def check_shrinkage(
    tally: Tally, counts: Mapping[date | None, int], known: KnownDays, place: Place
) -> None:
    """Neither a day nor the whole window holds far fewer rows than the loads it would replace."""
    landed = {(load.load_id, x.day): x.landed for load in _distinct(known) for x in load.days}
    days = [day for day in tally.window.days() if day in known]
    had = {day: landed.get((known[day].load_id, day), 0) for day in days}
    whole = sum(had.values()), sum(counts.get(day, 0) for day in days)
    fewer = [
        day
        for day in days
        if _shrank(had[day], counts.get(day, 0))
        or (had[day] and not counts.get(day, 0) and day in tally.first_days)
    ]
    if fewer:
        day = fewer[0]
        raise shrunken(fewer, f"of {day} ", had[day], counts.get(day, 0), place, [known[day]])
    if _shrank(*whole) or (whole[1] < whole[0] and _is_partly_unread(tally, known)):
        raise shrunken(days, "", *whole, place, [known[day] for day in days])
    if tally.stream.is_whole:
        _check_vanished(tally, had, whole[0] - whole[1], place, known)


def _is_partly_unread(tally: Tally, known: KnownDays) -> bool:
    """Whether rows in force may be those of a file that cannot be used now: nobody knows how many
    it has. They are not where every file that gave some has been read again."""
    if not tally.stream.is_whole or all(page.kind != "part" for page in tally.absent):
        return False
    came = {one.name for one in tally.delivered}
    gave = [{one.name for one in load.delivered} for load in _distinct(known)]
    return any(not names or names - came for names in gave)


def _check_vanished(
    tally: Tally, had: Mapping[date, int], fewer: int, place: Place, known: KnownDays
) -> None:
    """No run of days that had rows is offered none now, unless its rows turned up on other days:
    `fewer` is what all days together lost."""
    vanished = vanished_runs([day for day in had if had[day]], tally.offered)
    gone = sum(had[day] for run in vanished for day in run)
    if vanished and fewer >= gone * SHRINK_FLOOR:
        named = ", ".join(f"{run[0]} to {run[-1]}" for run in vanished)
        loads = [known[day] for run in vanished for day in run]
        raise shrunken((), f"of {named} ", gone, 0, place, loads)


def vanished_runs(
    days: Iterable[date], rows: Mapping[date, int] | Mapping[date | None, int]
) -> list[list[date]]:
    """The runs of `days`, all of which had rows, that have none in `rows`."""
    return [
        run
        for has_rows, group in groupby(days, key=lambda day: bool(rows.get(day)))
        if not has_rows and len(run := list(group)) >= VANISHED_DAYS
    ]


def _shrank(previous: int, now: int) -> bool:
    return previous >= SHRINK_MINIMUM_ROWS and now < previous * SHRINK_FLOOR


def shrunken(
    days: Iterable[date],
    what: str,
    previous: int,
    now: int,
    place: Place,
    loads: Iterable[Load],
    weight: str = "",
) -> OpenDays:
    """`loads` hold the rows in force that are gone. Of a stream that is read from all there is, no
    day lands: the others hold the rows of files that may be as wrong, and rows that moved to
    another day would count twice."""
    is_whole = place.stream.is_whole
    look = "look whether a file is missing or was cut; " if is_whole else ""
    rejects = [*dict.fromkeys(f"`trueup reject {load.load_id} --why ...`" for load in loads)]
    more = len(rejects) - NAMED_LOADS
    rejects[NAMED_LOADS:] = [f"{more} more (`trueup loads` lists them)"] if more > 0 else []
    return open_days(
        place,
        place.window.days() if is_whole else days,
        f"the fetch {what}shrank; the earlier load stays",
        expected=f"about the {previous} rows in force{weight}",
        got=f"{now} rows: {1 - now / previous:.0%} of those in force are gone",
        next_step=f"{look}if those in force were wrong (an export that held rows twice), set them"
        f" aside with {' and '.join(rejects)} and land again; if rows were really removed:"
        f" `trueup land {place.source} --accept-empty`",
    )
