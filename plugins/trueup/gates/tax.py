"""Was a tax put on amounts, or taken off? Where prices are known, they tell: what is sold today at
1.19 times the prices of last month. Where they are not, all of the distribution has to have moved
by what a tax can be, and by more than days ever differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import quantiles, stdev

from trueup.gates.scale import LEAST_POOL, TAX_RANGE, Shift, Value

#: Value added taxes of the European Union, by which prices grow that were net before.
TAXES = (1.17, 1.18, 1.19, 1.20, 1.21, 1.22, 1.23, 1.24, 1.25, 1.255, 1.27)
#: By how much they move the quarters of amounts, which chance moves too.
QUARTER_RANGE = (1.06, 1.42)
#: Days that a tax is looked for in, the newest; prices before are those of the days before.
TAX_DAYS = (1, 2, 3, 5, 7, 10, 14)
#: So few days differ from each other by more than a tax.
FEW_DAYS, DAYS_BEFORE = 3, 14
PRICES, PRICES_BEFORE, MOST_PRICES = 8, 20, 200
#: The share of new prices that are old ones with tax, and by how much more than by chance.
PRICE_SHARE, PRICE_EXCESS = 0.55, 0.35
#: How sure a shift between days must be, in standard errors.
SURE = 5.0


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
    if not TAX_RANGE[0] <= size <= TAX_RANGE[1] or abs(moved) < SURE * max(error, 1e-9):
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
