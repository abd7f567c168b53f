"""How many false alarms all series together may raise, and what that leaves to each.

A company with two hundred series has two hundred chances a day to be wrong. The budget is one for
all: each series gets its part, and each kind of evidence a part of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from trueup.gates.detect.panel import Bools, Floats, Ints

#: False alarms a year of all series of a company together: one a week is read.
YEARLY_BUDGET = 50.0
#: Few series would get so much of it that a day's whim is a breach.
MOST_PER_SERIES = 0.18
#: Evidence of five kinds shares a series' part. Steps are seldom wrong and found in two days: they
#: get most.
OF_DAYS, OF_SUMS, OF_STEPS, OF_SLOPES, OF_ORDERS = 0.3, 0.05, 0.35, 0.25, 0.05
#: Slopes of weeks that overlap say nearly the same: of so many days, one is new.
DAYS_ALIKE = 3
DAYS_PER_YEAR = 365.0
#: Half of it is the shift, in deviations, that a CUSUM finds soonest.
ALLOWANCE = 0.75
#: What Siegmund adds for the step across the limit.
OVERSHOOT = 1.166


@dataclass(frozen=True)
class Limits:
    """When evidence is strong enough: `alpha` of a day's tail, the height of the CUSUM,
    `alpha_of_steps` and `alpha_of_slopes` of what no day before predicted, and how often a year
    single orders may be wrong."""

    alpha: float
    height: float
    alpha_of_steps: float
    alpha_of_slopes: float
    yearly_of_orders: float


def limits(series: int, yearly: float = YEARLY_BUDGET) -> Limits:
    """What the budget leaves to each of so many series."""
    a_day = min(yearly / max(series, 1), MOST_PER_SERIES) / DAYS_PER_YEAR
    return Limits(
        OF_DAYS * a_day, height(1 / (OF_SUMS * a_day)), OF_STEPS * a_day,
        OF_SLOPES * a_day * DAYS_ALIKE, OF_ORDERS * a_day * DAYS_PER_YEAR,
    )  # fmt: skip


def height(run_length: float, allowance: float = ALLOWANCE) -> float:
    """The height of a two-sided CUSUM of normal scores that is crossed once in `run_length` days
    where nothing changes: Siegmund's formula, turned round. Each side may be wrong half as often.
    """
    one_side = 2 * run_length
    bent = 2 * allowance * OVERSHOOT
    found = one_side * 2 * allowance**2
    # run length = (exp(2ah') - 1 - 2ah') / 2a^2 with h' = h + overshoot; two steps are enough
    exponent = log(found)
    for _ in range(20):
        exponent = log(found + 1 + exponent)
    return (exponent - bent) / (2 * allowance)


def run_length(height_: float, allowance: float = ALLOWANCE) -> float:
    """Days between two false alarms of such a CUSUM, two-sided."""
    exponent = 2 * allowance * (height_ + OVERSHOOT)
    return (exp(exponent) - 1 - exponent) / (2 * allowance**2) / 2


def rare(p_value: Floats, family: Ints, alpha: float) -> Bools:
    """Which of a day's p-values are rare by Holm's step-down within each family, whose share of the
    budget is `alpha` for each of its series. NaN is not rare."""
    found: Bools = p_value < alpha
    for code in np.unique(family[found]):
        rows = np.flatnonzero(family == code)
        rows = rows[~np.isnan(p_value[rows])]
        ordered = rows[np.argsort(p_value[rows], kind="stable")]
        left = len(ordered) - np.arange(len(ordered))
        passed = p_value[ordered] < alpha * len(ordered) / left
        found[ordered] = np.cumprod(passed).astype(bool)
    return found
