"""Counts of a tracking signal as a shop has them, for the tests of the detectors.

Weekdays, promotions, and a capture that wanders: from day to day by itself, over a week or two, and
over two months. Breaks are put in by a factor from a day on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: How wide capture wanders: each day by itself, within a fortnight, within two months.
OWN, FORTNIGHT, MONTHS = 0.011, 0.014, 0.007


def wander(rng: np.random.Generator, keeps: float, shape: tuple[int, int]) -> Floats:
    """A stationary AR(1) path of variance 1 for each series."""
    path = rng.normal(0, 1, shape)
    for day in range(1, shape[1]):
        path[:, day] = keeps * path[:, day - 1] + (1 - keeps**2) ** 0.5 * path[:, day]
    return path


def volumes(rng: np.random.Generator, orders: float, series: int, days: int) -> Floats:
    """Orders expected on each day: a weekly swing, noise, and a promotion a month."""
    level = orders * (1 + 0.2 * np.sin(2 * np.pi * np.arange(days) / 7))
    lift = np.ones((series, days))
    for row in lift:
        for first in rng.integers(0, days, max(days * 12 // 365, 1)):
            row[first : first + 3] = rng.uniform(1.6, 3)
    found: Floats = level * lift * np.exp(rng.normal(0, 0.1, (series, days)))
    return found


def shares(
    seed: int,
    orders: float,
    *,
    series: int = 20,
    days: int = 365,
    level: float = 0.92,
    factors: Floats | float = 1.0,
    still: bool = False,
) -> tuple[Floats, Floats]:
    """(seen, orders) of [series, day]; `factors` multiply the share on each day. A `still` share
    does not wander."""  # fmt: skip
    rng = np.random.default_rng(seed)
    shape = (series, days)
    orders_of_day = rng.poisson(volumes(rng, orders, series, days)).clip(1)
    off = OWN * rng.normal(0, 1, shape) + FORTNIGHT * wander(rng, 0.82, shape)
    off += MONTHS * wander(rng, 0.985, shape)
    share = level + (0 if still else off)
    share = np.clip(share, 0.002, 0.998) * factors
    seen = rng.binomial(orders_of_day, np.clip(share, 0, 1))
    return seen.astype(float), orders_of_day.astype(float)


def from_day(days: int, first: int, factor: float, until: int | None = None) -> Floats:
    """1 on every day but those from `first` to `until`, which have `factor`."""
    found = np.ones(days)
    found[first:until] = factor
    return found
