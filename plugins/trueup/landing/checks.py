"""What must hold before a load exists: columns, the vendor's totals, days, and no silent gap."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from trueup.errors import BrokenContract
from trueup.landing.keys import Dropped
from trueup.landing.manifest import DayAccount
from trueup.landing.store import Landing, Load
from trueup.landing.tally import Tally
from trueup.sources.contract import Stream
from trueup.window import Window

#: A settled day may lose this share of its rows (bot clean-ups, merged contacts) before the
#: fetch is called shrunken; below it, the old load stays and a person decides.
SHRINK_FLOOR = 0.5
#: Days with fewer rows than this are too small to judge by a share.
SHRINK_MINIMUM_ROWS = 50
#: A column at fault in this share of the rows is another column than declared; of fewer rows
#: than the minimum each is judged on its own.
BROKEN_SHARE = 0.9
BROKEN_MINIMUM_ROWS = 10
#: For each day already landed, the load it is read from.
KnownDays = Mapping[date, Load]


@dataclass(frozen=True)
class Place:
    """Where a check stands, for the errors it raises."""

    source: str
    stream: Stream
    window: Window
    account: str

    def broken(
        self,
        problem: str,
        *,
        next_step: str,
        expected: object = "",
        got: object = "",
        kind: type[BrokenContract] = BrokenContract,
    ) -> BrokenContract:
        return kind(
            problem, source=self.source, stream=self.stream.name, account=self.account,
            window=self.window, expected=expected, got=got, next_step=next_step,
        )  # fmt: skip


class EmptyDays(BrokenContract):
    """The vendor sent no row for days that should have some; another account may excuse it."""


def known_days(landing: Landing, source: str, stream: Stream, account: str) -> KnownDays:
    """The load each day of an account is read from now."""
    return {
        day: load
        for load, days in landing.current(source, stream)
        if load.account == account
        for day in days
    }


def check_columns(tally: Tally, place: Place) -> None:
    """A column that is at fault in nearly every row is not the one that was declared."""
    rows = tally.rows_in_pages
    for column, count in tally.faults.most_common():
        is_absent = tally.absent_columns[column] == rows
        if is_absent or (rows >= BROKEN_MINIMUM_ROWS and count >= BROKEN_SHARE * rows):
            raise place.broken(
                f"column {column} is not as declared",
                expected=tally.stream.column(column).type,
                got="no such column"
                if is_absent
                else f"in {count} of {rows} rows: {tally.reasons[column]}",
                next_step="compare with the vendor's changelog, then change the stream's"
                " declaration",
            )


def check_usable(tally: Tally, landed: int, place: Place) -> None:
    """Something of what was offered has to be of use."""
    if landed or not tally.offered_count:
        return
    if tally.outside and not tally.aside:
        raise place.broken(
            "every row lies outside the window that was asked for",
            got=f"{tally.outside.rows} rows of {tally.outside.first_day}"
            f" to {tally.outside.last_day}",
            next_step="check how the days are written, the account's time zone and history.start"
            " in the company file",
        )
    if len(tally.aside) >= BROKEN_MINIMUM_ROWS:
        raise place.broken(
            "not one usable row",
            got=f"{len(tally.aside)} set aside, the first: {tally.aside[0].reason}",
            next_step="see `trueup rejects`",
        )


def check_totals(
    tally: Tally, sums: Mapping[str, Decimal], dropped: list[Dropped], place: Place
) -> None:
    """The vendor's own totals are those of what was fetched, with or without rows sent twice."""
    twice = [one for one in dropped if one.listed.kind == "duplicate"]
    for total in tally.stated:
        kind, _, column = total.name.partition(":")
        if kind == "rows":
            got = Decimal(tally.offered_count)
            without = got - len(twice)
            lost_page = got != without and _is_a_page_twice(tally, twice)
        else:
            aside = tally.sums.get(column, Decimal(0))
            got = sums[column] + aside + sum((one.sums[column] for one in dropped), Decimal(0))
            without = got - sum((one.sums[column] for one in twice), Decimal(0))
            lost_page = False
        stated = Decimal(total.value)
        if stated == without or (stated == got and not lost_page) or column in tally.unknown:
            continue
        raise place.broken(
            f"the vendor's own total of {total.name} is not what was fetched (a lost page?)",
            expected=total.value,
            got=without,
            next_step="run the task again; if it repeats, compare page counts with the vendor",
        )


def _is_a_page_twice(tally: Tally, twice: list[Dropped]) -> bool:
    """Whether all rows of some page came in another one too: then a third may be missing."""
    again = {one.position for one in twice}
    ends = [*tally.page_starts[1:], tally.next_row]
    pages = [range(*bounds) for bounds in zip(tally.page_starts, ends, strict=True)]
    return any(len(page) > 1 and again.issuperset(page) for page in pages)


def check_account(tally: Tally, days: Collection[DayAccount], place: Place) -> None:
    """Every row that was offered has landed, was set aside, or lies outside the window."""
    outside = tally.outside.rows if tally.outside else 0
    found = {entry.day: entry.landed + entry.set_aside for entry in days}
    if found != +tally.offered or outside != tally.offered_outside:
        raise place.broken(
            "the account of its rows does not close",
            expected=f"{tally.offered_count} rows offered",
            got=f"{sum(found.values())} landed or set aside, {outside} outside the window",
            next_step="run the task again; if it repeats, tell the maintainers: rows are lost",
        )


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
        raise place.broken(
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
        raise place.broken(
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
    for day in tally.window.days():
        load = known.get(day)
        if not load:
            continue
        previous, now = landed.get((load.load_id, day), 0), counts.get(day, 0)
        whole = (whole[0] + previous, whole[1] + now)
        if _shrank(previous, now) or (previous and not now and day in tally.first_days):
            raise _shrunken(f"of {day} ", previous, now, f" of load {load.load_id}", place)
    if _shrank(*whole):
        raise _shrunken("", *whole, " in force", place)


def _shrank(previous: int, now: int) -> bool:
    return previous >= SHRINK_MINIMUM_ROWS and now < previous * SHRINK_FLOOR


def _shrunken(what: str, previous: int, now: int, where: str, place: Place) -> BrokenContract:
    return place.broken(
        f"the fetch {what}shrank; the earlier load stays",
        expected=f"about the {previous} rows{where}",
        got=f"{now} rows",
        next_step=f"if the vendor really removed them: `trueup land {place.source} --accept-empty`",
    )


def check_order(newest: datetime | None, committed_at: datetime, place: Place) -> None:
    """Commits of a stream never go back in time: which load is in force hangs on their order."""
    if newest and committed_at < newest:
        raise place.broken(
            "the load would be committed before one that exists already",
            expected=f"after {newest:%Y-%m-%d %H:%M:%S%z}",
            got=f"{committed_at:%Y-%m-%d %H:%M:%S%z}",
            next_step="set this machine's clock right and run the task again",
        )
