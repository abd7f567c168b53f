"""What arrives, counted where it arrives: rows by day, before anything is made of them.

Whatever becomes of a row, landed, set aside or outside the window, is counted elsewhere; at the
end the two counts must be the same (checks.check_account).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trueup import redaction
from trueup.landing import values
from trueup.landing.manifest import Outside
from trueup.landing.row_rules import RowRule
from trueup.landing.steady import Steadiness
from trueup.sources.amounts import lenient_amount
from trueup.sources.contract import (
    Absent,
    Column,
    ControlTotal,
    Delivered,
    Note,
    SetAside,
    Stream,
)
from trueup.window import Window

#: How many rows outside the window are listed one by one; all are counted.
OUTSIDE_LISTED = 1000
#: How much of a row's content is kept.
CONTENT_LENGTH = 4000
_AMOUNT = Column("amount", "DECIMAL(18,6)")


@dataclass
class Tally:
    """The rows of one load on their way in."""

    stream: Stream
    window: Window
    rules: tuple[RowRule, ...] = ()
    steadiness: Steadiness | None = None
    offered: Counter[date | None] = field(default_factory=Counter)
    offered_outside: int = 0
    #: The number of the first row of every page, and of the row that comes next.
    page_starts: list[int] = field(default_factory=list)
    next_row: int = 1
    stated: list[ControlTotal] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    extra: set[str] = field(default_factory=set)
    aside: list[SetAside] = field(default_factory=list)
    outside: Outside | None = None
    outside_listed: list[SetAside] = field(default_factory=list)
    #: How many rows are at fault in a column, and in how many of them it is not there at all.
    faults: Counter[str] = field(default_factory=Counter)
    absent_columns: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    #: What is worth a word though nothing is wrong.
    notes: list[str] = field(default_factory=list)
    #: What of its files the gate warns of.
    doubts: list[Note] = field(default_factory=list)
    #: What its days lack beside the rows that landed.
    lacking: list[str] = field(default_factory=list)
    #: Sums of the control columns over rows that do not land; `unknown` where one is not readable.
    sums: dict[str, Decimal] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    @property
    def offered_count(self) -> int:
        return sum(self.offered.values()) + self.offered_outside

    @property
    def listed(self) -> list[SetAside]:
        """Every row to be listed among those set aside."""
        return [*self.aside, *self.outside_listed]

    @property
    def outside_room(self) -> int:
        return OUTSIDE_LISTED - len(self.outside_listed)

    @property
    def rows_in_pages(self) -> int:
        return self.next_row - 1

    @property
    def first_days(self) -> set[date]:
        """The days before the vendor's first one."""
        found = [page.days for page in self.absent if page.kind == "before"]
        return {day for days in found for day in days.days()}

    def accept_empty(self) -> None:
        """Doubt no file for having no row."""
        self.doubts = [note for note in self.doubts if note.doubt != "files empty"]

    def place(self, day: date | None) -> date | None:
        """The day a row is counted on. Of `changes` the window's days are the reporting zone's,
        the cursor's are UTC's: an hour at either end is within."""
        if self.stream.kind == "snapshot":
            return self.window.last_day
        if self.stream.kind == "changes" and day:
            return min(max(day, self.window.since), self.window.last_day)
        return day

    def offer(self, days: Iterable[date | None]) -> None:
        """Count rows as they arrive."""
        self._offer(Counter(days))

    def offer_dicts(self, rows: list[dict[str, Any]]) -> None:
        column = self._dated_by
        if column:
            found = (values.convert(row.get(column.name), column) for row in rows)
            self.offer(_as_day(value) for value in found)
        else:
            self._offer(Counter({None: len(rows)}))
        self._number(len(rows))

    def offer_table(self, table: pa.Table) -> None:
        counts: Counter[date | None] = Counter()
        column = self._dated_by
        if column and column.name in table.column_names:
            try:
                days = pc.cast(table.column(column.name), pa.date32(), safe=False)
                counts.update(
                    {
                        entry["values"]: entry["counts"]
                        for entry in pc.value_counts(days).to_pylist()
                    }
                )
            except values.ARROW_CANNOT:
                pass  # not dates at all, which typing is to say
        counts[None] += table.num_rows - counts.total()
        self._offer(counts)
        self._number(table.num_rows)

    def _offer(self, counts: Mapping[date | None, int]) -> None:
        for day, count in counts.items():
            placed = self.place(day)
            if placed is None or placed in self.window:
                self.offered[placed] += count
            else:
                self.offered_outside += count

    def _number(self, rows_of_a_page: int) -> None:
        self.page_starts.append(self.next_row)
        self.next_row += rows_of_a_page

    def set_aside(self, row: SetAside) -> None:
        """List a row that does not land: outside the window, if that is where its day lies."""
        day = self.place(row.day)
        if day is None or day in self.window:
            self.aside.append(replace(row, day=day))
        else:
            self.add_outside(Outside(1, day, day, row.amount, int(day >= self.window.until)))
            self.list_outside(replace(row, kind="outside"))

    def add_outside(self, more: Outside) -> None:
        self.outside = self.outside + more if self.outside else more

    def list_outside(self, row: SetAside) -> None:
        if len(self.outside_listed) < OUTSIDE_LISTED:
            self.outside_listed.append(row)

    def add_sums(self, row: Mapping[str, Any]) -> None:
        """The control columns of a row that does not land, as far as they can be read."""
        for name in self.stream.control:
            value = values.convert(row.get(name), _AMOUNT)
            if value is None:  # what is left out of a row may be in the vendor's sum all the same
                self.unknown.add(name)
            self.sums[name] = self.sums.get(name, Decimal(0)) + (value or 0)

    def day_of(self, row: Mapping[str, Any]) -> date | None:
        column = self._dated_by
        return _as_day(values.convert(row.get(column.name), column)) if column else None

    def amount_of(self, row: Mapping[str, Any]) -> Decimal | None:
        """What the row weighs, read as leniently as can be: it only serves to judge its loss."""
        return lenient_amount(row.get(self.stream.money)) if self.stream.money else None

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The landed key of a row as it came; empty where it cannot be read, is personal, or says
        nothing because rows of one key add up."""
        columns = [self.stream.column(name) for name in self.stream.key]
        if self.stream.add_up or any(column.pii for column in columns):
            return ()
        key = tuple(values.convert(row.get(column.name), column) for column in columns)
        return () if None in key else key

    def currency_of(self, row: Mapping[str, Any]) -> str | None:
        """The currency of what the row weighs, where the stream names it as shapes do."""
        code = row.get("currency_code")
        return code if isinstance(code, str) else None

    def content_of(self, row: Mapping[str, Any]) -> str:
        """The row without what is personal in it."""
        personal = {column.name for column in self.stream.columns if column.pii}
        kept = {key: "removed" if key in personal else value for key, value in row.items()}
        text = json.dumps(kept, default=str, ensure_ascii=False)
        return redaction.clean(text[: 2 * CONTENT_LENGTH])[:CONTENT_LENGTH]

    @property
    def _dated_by(self) -> Column | None:
        name = self.stream.day if self.stream.kind == "day" else self.stream.cursor
        return self.stream.column(name) if name and self.stream.kind != "snapshot" else None


def _as_day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value
