"""Numbers that move little from one day to the next, such as exchange rates, held against the last
one that landed: across windows, holidays and days that are missing.

A slip of the vendor's (a rate upside down, a decimal point astray) costs the row and not its load:
what else is in it lands. What moved much and may be true lands, and is the gates' to tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from trueup.landing.store import Landing
from trueup.landing.typed import DAY
from trueup.scratch import scratch
from trueup.sources.contract import Steady, Stream

if TYPE_CHECKING:
    from trueup.landing.gaps import KnownDays

#: No reference rate has ever doubled or halved in a year (the worst, the rouble's and the lira's,
#: moved by two thirds); one that is quoted again after years may have: the krona of Iceland came
#: back at 0.43 of what it was.
MOST_IN_A_YEAR, MOST_IN_YEARS = math.log(2), math.log(10)
#: What moved less is no slip: upside down a rate near one is hardly another.
LEAST = math.log(1.04)
#: How near the inverse of the last rate is it, and how much less near after months of silence.
NEAR_INVERSE, NEAR_INVERSE_LATER = 0.02, 0.1
MONTH, YEAR = 31, 366
#: The first rates there are have none to be held against but each other.
FIRST = 5
#: How many loads, the newest first, are searched for the last values: a year of daily ones.
MOST_LOADS = 400

Value = tuple[date, float]


@dataclass
class Steadiness:
    """The last value of every series, as rows of a load are judged one day after the other."""

    rule: Steady
    last: dict[str, Value] = field(default_factory=dict)

    def broken(self, table: pa.Table) -> dict[int, str]:
        """The index of every row of `table` (of the landed schema) that is a slip, and why."""
        found: dict[int, str] = {}
        columns = (DAY, self.rule.by, self.rule.column)
        days, names, values = (table.column(name).to_pylist() for name in columns)
        self._begin(days, names, values)
        for index in sorted(range(len(days)), key=lambda one: days[one]):
            day, name, value = days[index], names[index], values[index]
            if not _is_sound(day, name, value):
                continue
            if why := slip(self.last[name], (day, float(value))):
                found[index] = f"{self.rule.column} {why}"
            else:
                self.last[name] = (day, float(value))
        return found

    def _begin(self, days: list[Any], names: list[Any], values: list[Any]) -> None:
        """What a series of which nothing has landed begins with: the middle of its first values."""
        first: dict[str, list[Value]] = {}
        for day, name, value in sorted(zip(days, names, values, strict=True), key=str):
            if _is_sound(day, name, value) and name not in self.last:
                first.setdefault(name, []).append((day, float(value)))
        for name, found in first.items():
            self.last[name] = (found[0][0], median(value for _, value in found[:FIRST]))


def slip(last: Value, new: Value) -> str:
    """Why the new value cannot be one, seen from the last; nothing where it can."""
    move = math.log(new[1] / last[1])
    silent = (new[0] - last[0]).days
    if abs(move) <= LEAST:
        return ""
    if new[1] == 1:
        return f"is exactly 1, as some write what they do not have, and was not on {last[0]}"
    upside_down = abs(math.log(new[1] * last[1]))
    near = NEAR_INVERSE if silent <= MONTH else NEAR_INVERSE_LATER
    if upside_down <= near and upside_down < abs(move) / 3:
        return f"is upside down, seen from that of {last[0]}"
    most = MOST_IN_A_YEAR if silent <= YEAR else MOST_IN_YEARS
    if abs(move) <= most:
        return ""
    power = round(move / math.log(10))
    if power and abs(move - power * math.log(10)) < math.log(2):
        times = f"about {10**power:,}" if power > 0 else f"about 1/{10**-power:,}"
    else:
        times = f"{math.exp(move):.2f}"
    return f"is {times} times that of {last[0]}"


def read(landing: Landing, stream: Stream, since: date, known: KnownDays) -> Steadiness | None:
    """The values last landed before `since`; None of a stream that promises no steadiness."""
    if not stream.steady:
        return None
    before = {day: load for day, load in known.items() if day < since}
    newest = sorted(before, reverse=True)
    loads = list({before[day].load_id: before[day] for day in newest}.values())[:MOST_LOADS]
    files = [landing.url(file.name) for load in loads for file in load.files]
    last: dict[str, Value] = {}
    for day, name, value, file in _rows(landing, stream.steady, files, since):
        if before[day].load_id in file and _is_sound(day, name, value):
            last[name] = (day, float(value))
    return Steadiness(stream.steady, last)


def _rows(landing: Landing, rule: Steady, files: list[str], since: date) -> list[tuple[Any, ...]]:
    """Day, series, value and file of every row before `since`, the newest last."""
    if not files:
        return []
    with scratch() as con:
        landing.attach_to(con)
        return con.execute(
            f'select {DAY}, "{rule.by}", "{rule.column}", filename'
            " from read_parquet($files, filename = true, union_by_name = true)"
            f" where {DAY} < $since order by {DAY}",
            {"files": files, "since": since},
        ).fetchall()


def _is_sound(day: Any, name: Any, value: Any) -> bool:
    return day is not None and name is not None and value is not None and value > 0
