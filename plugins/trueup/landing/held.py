"""What loads held by day: rows and money, of all, of one account or of one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.landing.typed import DAY
from trueup.landing.values import SUM
from trueup.scratch import scratch
from trueup.sources import contacts
from trueup.sources.contract import Delivered, Stream

#: What streams call the currency of their money, where they name one.
CURRENCY = "currency_code"


@dataclass(frozen=True)
class Held:
    """Rows, and their money where it is known, by day."""

    rows: dict[date, int] = field(default_factory=dict)
    money: dict[date, Decimal] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    @property
    def total(self) -> Decimal:
        return sum(self.money.values(), Decimal(0))

    def add(self, day: date | None, rows: int, money: Decimal | None) -> None:
        if day:
            self.rows[day] = self.rows.get(day, 0) + rows
            self.money[day] = self.money.get(day, Decimal(0)) + (money or 0)

    def on(self, days: Collection[date]) -> Held:
        """What it held of these days."""
        return Held(
            {day: rows for day, rows in self.rows.items() if day in days},
            {day: money for day, money in self.money.items() if day in days},
        )

    def beyond(self, now: Held) -> Held:
        """What it held of each day that `now` does not."""
        rows = {day: count - now.rows.get(day, 0) for day, count in self.rows.items()}
        money = {day: one - now.money.get(day, Decimal(0)) for day, one in self.money.items()}
        return Held(
            {day: count for day, count in rows.items() if count > 0},
            {day: one for day, one in money.items() if one > 0},
        )

    def shared(self, other: Held) -> Held:
        """What both hold of each day."""
        return Held(
            {day: min(self.rows[day], other.rows[day]) for day in self.rows.keys() & other.rows},
            {
                day: min(self.money[day], other.money[day])
                for day in self.money.keys() & other.money
            },
        )


#: By name.
Parts = Mapping[str, Held]


def in_force(
    days: Collection[date], known: Mapping[date, Load]
) -> list[tuple[Load, Collection[date]]]:
    """The loads in force of these days, each with the days that are read from it."""
    loads = {known[day].load_id: known[day] for day in days}
    return [
        (load, {day for day in days if known[day].load_id == load_id})
        for load_id, load in loads.items()
    ]


def of_days(loads: Iterable[tuple[Load, Collection[date]]]) -> Held:
    """All that loads hold of the days that are read from them."""
    held = Held()
    for load, days in loads:
        for one in load.days:
            if one.day in days:
                held.add(one.day, one.landed, one.landed_money)
    return held


def by_file(delivered: Iterable[tuple[Iterable[Delivered], Collection[date]]]) -> Parts:
    """By the name of the file, of loads that say what each file gave."""
    found: dict[str, Held] = defaultdict(Held)
    for files, days in delivered:
        for one in files:
            for day, rows in one.rows.items():
                if day in days:
                    found[f"the file {one.name}"].add(day, rows, None)
    return found


def by_account(
    landing: Landing, stream: Stream, loads: Iterable[tuple[Load, Collection[date]]]
) -> Parts:
    """By what the stream's account columns hold, read back from what was landed."""
    found: dict[str, Held] = defaultdict(Held)
    for day, count, amount, *values in _read_by(landing, stream, stream.accounts, loads):
        found[_account(stream, values)].add(day, count, amount)
    return found


def by_currency(
    landing: Landing, stream: Stream, loads: Iterable[tuple[Load, Collection[date]]]
) -> Parts:
    """By the currency of the rows, '' of those that name none; none of a stream without money."""
    found: dict[str, Held] = defaultdict(Held)
    if not stream.money:
        return found
    if CURRENCY not in {column.landed_name for column in stream.columns}:
        return {"": of_days(loads)}
    for day, count, amount, code in _read_by(landing, stream, [CURRENCY], loads):
        found[code or ""].add(day, count, amount)
    return found


def _read_by(
    landing: Landing,
    stream: Stream,
    names: Collection[str],
    loads: Iterable[tuple[Load, Collection[date]]],
) -> Iterator[tuple[Any, ...]]:
    """Day, rows, money and the values of `names`, for each of these that loads landed."""
    columns = ", ".join(f'"{name}"' for name in names)
    money = f'sum("{stream.money}")::{SUM}' if stream.money else "null"
    for load, days in loads:
        if not load.files or not names:
            continue
        with scratch() as con:
            landing.attach_to(con)
            rows = con.execute(
                f"select {DAY}, count(*), {money}, {columns} from read_parquet($files)"
                " group by all",
                {"files": [landing.url(file.name) for file in load.files]},
            ).fetchall()
        yield from (row for row in rows if row[0] in days)


def _account(stream: Stream, values: list[Any]) -> str:
    """What an account is called; it may be whom it is about."""
    named = [
        f"{name} {value}"
        for name, value in zip(stream.accounts, values, strict=True)
        if value is not None
    ]
    return contacts.cut(", ".join(named) or f"no {' and no '.join(stream.accounts)}")
