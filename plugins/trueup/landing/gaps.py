"""No silent gap: days without rows, days the vendor speaks of as absent, days that shrank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
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
#: For each day already landed, the load it is read from.
KnownDays = Mapping[date, Load]


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
            next_step="look in the vendor's own interface; if nothing is to come, accept it with"
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
            next_step="look in the vendor's own interface; if the day is truly empty, add the"
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
    whole = (0, 0)
    landed = {(load.load_id, x.day): x.landed for load in _distinct(known) for x in load.days}
    fewer: list[tuple[date, int, int]] = []
    for day in tally.window.days():
        load = known.get(day)
        if not load:
            continue
        previous, now = landed.get((load.load_id, day), 0), counts.get(day, 0)
        whole = (whole[0] + previous, whole[1] + now)
        if _shrank(previous, now) or (previous and not now and day in tally.first_days):
            fewer.append((day, previous, now))
    if fewer:
        day, previous, now = fewer[0]
        raise _shrunken([day for day, _, _ in fewer], f"of {day} ", previous, now, place)
    if _shrank(*whole):
        raise _shrunken(tally.window.days(), "", *whole, place)


def _shrank(previous: int, now: int) -> bool:
    return previous >= SHRINK_MINIMUM_ROWS and now < previous * SHRINK_FLOOR


def _shrunken(days: Iterable[date], what: str, previous: int, now: int, place: Place) -> OpenDays:
    return open_days(
        place,
        days,
        f"the fetch {what}shrank; the earlier load stays",
        expected=f"about the {previous} rows in force",
        got=f"{now} rows",
        next_step="if the vendor really removed them: `trueup land {place.source} --accept-empty`",
    )
