"""Are amounts of the scale they were? Cents for euros, thousands, tax on top: the kinds of slip
that make every single row look well.

Three witnesses, each where it can speak. A row that landed before and comes again with another
amount: where nearly all of them changed by one factor, that factor is it. New rows against those
before: a pool of days whose amounts all lie beyond what is usual, near a power of ten. And, for
the factor of a tax, prices: what is sold today at 1.19 times the prices of last month.

A power of ten from 100 on holds, whatever else warns. Amounts are skewed and small shops have few:
medians and ranks are compared, and a shift has to be greater than chance makes one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles, stdev

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
#: Value added taxes of the European Union, by which prices grow that were net before.
TAXES = (1.17, 1.18, 1.19, 1.20, 1.21, 1.22, 1.23, 1.24, 1.25, 1.255, 1.27)
#: By how much they move the means of amounts, and their quarters, which chance moves too.
MEAN_RANGE, QUARTER_RANGE = (1.12, 1.32), (1.06, 1.42)
#: Days that a tax is looked for in, the newest; prices before are those of the days before.
TAX_DAYS = (1, 2, 3, 5, 7, 10, 14)
#: So few days differ from each other by more than a tax.
FEW_DAYS, DAYS_BEFORE = 3, 14
PRICES, PRICES_BEFORE, MOST_PRICES = 8, 20, 200
#: The share of new prices that are old ones with tax, and by how much more than by chance.
PRICE_SHARE, PRICE_EXCESS = 0.55, 0.35
#: How sure a shift must be, in standard errors: between days, and of the middle of a pool.
SURE, SURE_OF_POOL = 5.0, 4.0

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
        if MEAN_RANGE[0] <= size <= MEAN_RANGE[1]:
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


def taxed(values: Sequence[Value]) -> Shift | None:
    """Whether the newest days are those before with a tax put on or taken off."""
    if not values:
        return None
    newest = max(day for day, _ in values)
    for length in TAX_DAYS:
        since = newest - timedelta(days=length - 1)
        new = [value for value in values if value[0] >= since]
        before = [value for value in values if value[0] < since]
        factor = _by_prices(before, new) or _by_distribution(before, new)
        if factor:
            return Shift(
                factor, "warn", min(day for day, _ in new), newest, len(new),
                f"prices of {len(before):,} rows before them",
            )  # fmt: skip
    return None


def _by_prices(before: Sequence[Value], new: Sequence[Value]) -> float | None:
    """The tax by which most new prices are old ones, which they are by no other factor."""
    if len(new) < PRICES or len(before) < PRICES_BEFORE:
        return None
    old = {round(100 * value) for _, value in before}
    new = new[:: 1 + len(new) // MOST_PRICES]
    if (plain := _share_of(old, new, 1.0)) > 1 - PRICE_EXCESS:
        return None
    candidates = [factor for tax in TAXES for factor in (tax, 1 / tax)]
    best = max(candidates, key=lambda factor: _share_of(old, new, factor))
    share = _share_of(old, new, best)
    # A factor that means nothing shows how many prices fit by chance.
    chance = max(plain, _share_of(old, new, best * 1.0137), _share_of(old, new, best * 0.9871))
    return best if share >= PRICE_SHARE and share - chance >= PRICE_EXCESS else None


def _share_of(old: set[int], new: Sequence[Value], factor: float) -> float:
    """The share of new prices that are an old one times `factor`, to the cent."""
    fitting = 0
    for _, value in new:
        cents = round(100 * value / factor)
        fitting += any(
            candidate in old and round(candidate * factor) == round(100 * value)
            for candidate in (cents - 1, cents, cents + 1)
        )
    return fitting / len(new)


def _by_distribution(before: Sequence[Value], new: Sequence[Value]) -> float | None:
    """The factor of a tax by which all of the distribution moved, more than days ever differ."""
    days_before, days_new = _daily_logs(before), _daily_logs(new)
    if len(days_before) < DAYS_BEFORE or len(days_new) < FEW_DAYS:
        return None
    moved = sum(days_new) / len(days_new) - sum(days_before) / len(days_before)
    error = stdev(days_before) * math.sqrt(1 / len(days_new) + 1 / len(days_before))
    size = math.exp(abs(moved))
    if not MEAN_RANGE[0] <= size <= MEAN_RANGE[1] or abs(moved) < SURE * max(error, 1e-9):
        return None
    pairs = zip(_quarters(before), _quarters(new), strict=True)
    is_whole = all(QUARTER_RANGE[0] <= max(b / a, a / b) <= QUARTER_RANGE[1] for a, b in pairs)
    return math.exp(moved) if is_whole else None


def _daily_logs(values: Sequence[Value]) -> list[float]:
    """The middle of every day's amounts, as logarithms; days of few rows say too little."""
    days: dict[date, list[float]] = {}
    for day, value in values:
        days.setdefault(day, []).append(math.log(value))
    return [sum(found) / len(found) for found in days.values() if len(found) >= LEAST_POOL]


def _quarters(values: Sequence[Value]) -> list[float]:
    return quantiles([value for _, value in values], n=4)


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
