"""What must hold before a load exists: columns, the vendor's totals, the account of its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from trueup.errors import BrokenContract
from trueup.landing.keys import Dropped
from trueup.landing.manifest import DayAccount
from trueup.landing.tally import Tally
from trueup.sources.contract import Stream
from trueup.window import Window

#: A column at fault in this share of the rows is another column than declared; of fewer rows
#: than the minimum each is judged on its own.
BROKEN_SHARE = 0.9
BROKEN_MINIMUM_ROWS = 10


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
    ) -> BrokenContract:
        return BrokenContract(
            problem, source=self.source, stream=self.stream.name, account=self.account,
            window=self.window, expected=expected, got=got, next_step=next_step,
        )  # fmt: skip


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


def check_order(newest: datetime | None, committed_at: datetime, place: Place) -> None:
    """Commits of a stream never go back in time: which load is in force hangs on their order."""
    if newest and committed_at < newest:
        raise place.broken(
            "the load would be committed before one that exists already",
            expected=f"after {newest:%Y-%m-%d %H:%M:%S%z}",
            got=f"{committed_at:%Y-%m-%d %H:%M:%S%z}",
            next_step="set this machine's clock right and run the task again",
        )
