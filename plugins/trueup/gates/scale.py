"""Are amounts of the scale they were? Cents for euros, thousands, tax on top: the kinds of slip
that make every single row look well.

Three witnesses, each where it can speak. A row that landed before and comes again with another
amount: where nearly all of them changed by one factor, that factor is it. New rows against those
before: a pool of days whose amounts all lie beyond what is usual, near a power of ten. And, for
the factor of a tax, prices: tax.py.

A power of ten from 100 on holds, whatever else warns. Amounts are skewed and small shops have few:
medians and ranks are compared, and a shift has to be greater than chance makes one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from trueup.gates.findings import Outcome

#: So many rows make a pool that can be judged, and so many before them a history.
POOL, LEAST_POOL, LEAST_BASE = 5, 3, 8
#: A history of more is no better, and moves too late where prices rise.
MOST_BASE = 600
#: How far from a power of ten medians may lie, in powers of ten.
NEAR_POWER, NEAR_TEN = 0.4, 0.15
#: A factor of ten alone is within what a shop may do: it takes many rows, and warns.
MANY = 20
#: Of rows that came again, so many must have changed by the one factor; by less it is no news.
SAME_FACTOR_SHARE, LEAST_FACTOR = 0.8, 1.02
#: By how much a value added tax moves the mean of amounts.
TAX_RANGE = (1.12, 1.32)
#: How sure a shift must be, in standard errors of the middle of a pool.
SURE_OF_POOL = 4.0

#: The standard error of a median, in those of a mean.
MEDIAN_ERROR = 1.25
#: Where amounts lie far from each other a pool has more of them.
MOST_POOL = 30
#: Of a first landing these rows say how far.
FIRST = 20

Value = tuple[date, float]


@dataclass(frozen=True)
class Shift:
    """Amounts of `rows` rows since `since` are `factor` times what they were; `last` is the newest
    day of them, `because` says what was compared."""

    factor: float
    outcome: Outcome
    since: date
    last: date
    rows: int
    because: str

    @property
    def times(self) -> str:
        """The factor as a person says it."""
        power = round(math.log10(self.factor))
        if power and abs(math.log10(self.factor) - power) < NEAR_POWER:
            return f"about {10**power:,} times" if power > 0 else f"about 1/{10**-power:,} of"
        if self.factor < 1:
            return f"1/{1 / self.factor:.3g} of"
        return f"{self.factor:.3g} times"

    @property
    def meaning(self) -> str:
        """What the factor is a sign of."""
        size = max(self.factor, 1 / self.factor)
        if size > 10 ** (1 - NEAR_TEN):
            return "cents or thousands read as units, or the other way round?"
        if TAX_RANGE[0] <= size <= TAX_RANGE[1]:
            return "value added tax put on, or taken off?"
        return "another unit or another currency?"


def restated(pairs: Sequence[tuple[date, float, float]]) -> Shift | None:
    """What day, amount before and amount now of rows that came again say."""
    known = [(day, was, now) for day, was, now in pairs if was and now and (was > 0) == (now > 0)]
    if len(known) < LEAST_POOL:
        return None
    factor = median(now / was for _, was, now in known)
    if max(factor, 1 / factor) < LEAST_FACTOR:
        return None
    # An amount of cents is rounded once more.
    same = [
        day
        for day, was, now in known
        if abs(now - was * factor) <= max(0.011, 0.004 * abs(was * factor))
    ]
    if len(same) < SAME_FACTOR_SHARE * len(known):
        return None
    return Shift(
        factor, _outcome(factor), min(same), max(same), len(same),
        "what landed before has come again so",
    )  # fmt: skip


def shifted(before: Sequence[Value], new: Sequence[Value]) -> list[Shift]:
    """Pools of days of `new` that are a power of ten away from all before them, the oldest first;
    what is away does not become history."""
    base = [value for _, value in sorted(before)][-MOST_BASE:]
    found: list[Shift] = []
    size = _pool_size(base or [value for _, value in sorted(new)[:FIRST]])
    for pool in _pools(new, size):
        values = [value for _, value in pool]
        lacking = max(0, LEAST_POOL - len(values))
        # A shop of one order a day is judged by its last three.
        tail, history = base[len(base) - lacking :], base[: len(base) - lacking]
        factor = power_of_ten(history, [*tail, *values]) if lacking <= len(base) else None
        if factor is None:
            base = [*base, *values][-MOST_BASE:]
            continue
        days = [day for day, _ in pool]
        found.append(
            Shift(
                factor,
                _outcome(factor),
                min(days),
                max(days),
                len(values),
                f"{len(history):,} rows before them",
            )  # fmt: skip
        )
    return found


def power_of_ten(history: Sequence[float], values: Sequence[float]) -> float | None:
    """By how much `values` are away from `history`, where that is near a power of ten and nearly
    none of them lies within what was usual."""
    if len(history) < LEAST_BASE or len(values) < LEAST_POOL:
        return None
    away = math.log10(median(values) / median(history))
    power = round(away)
    if not power or abs(away - power) > (NEAR_POWER if abs(power) > 1 else NEAR_TEN):
        return None
    if abs(power) == 1 and min(len(values), len(history)) < MANY:
        return None
    if abs(away) < SURE_OF_POOL * MEDIAN_ERROR * _spread(history) / math.sqrt(len(values)):
        return None
    low, high = _tenths(history)
    inner = sorted(values)[len(values) // 5] if power > 0 else sorted(values)[-1 - len(values) // 5]
    is_beyond = inner > high if power > 0 else inner < low
    return float(10.0**away) if is_beyond else None


def _spread(values: Sequence[float]) -> float:
    """How far amounts lie from each other, in powers of ten: what half of them lie within, as the
    standard deviation of a normal distribution."""
    if len(values) < LEAST_BASE:
        return 0.0
    low, _, high = quantiles((math.log10(value) for value in values), n=4)
    return (high - low) / 1.349


def _tenths(values: Sequence[float]) -> tuple[float, float]:
    """The values that a tenth of all lie below, and above."""
    if len(values) < 2 * LEAST_BASE:
        return min(values), max(values)
    found = quantiles(values, n=10)
    return found[0], found[-1]


def _pool_size(values: Sequence[float]) -> int:
    """How many rows tell a factor of a hundred from chance."""
    needed = (SURE_OF_POOL * MEDIAN_ERROR * _spread(values) / (2 - NEAR_POWER)) ** 2
    return min(MOST_POOL, max(POOL, math.ceil(needed)))


def _pools(values: Iterable[Value], size: int) -> list[list[Value]]:
    """Whole days, put together until a pool can be judged."""
    pools: list[list[Value]] = []
    days: dict[date, list[Value]] = {}
    for value in sorted(values):
        days.setdefault(value[0], []).append(value)
    for of_day in days.values():
        if pools and len(pools[-1]) < size:
            pools[-1].extend(of_day)
        else:
            pools.append(list(of_day))
    return pools


def _outcome(factor: float) -> Outcome:
    power = math.log10(max(factor, 1 / factor))
    return "hold" if power > 2 - NEAR_POWER and abs(power - round(power)) <= NEAR_POWER else "warn"
