"""A profile by the hour that is turned is distinguished from one that only wanders."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.gates.causes.turned import HOURS, hours_turned
from trueup.gates.detect.panel import Floats

SHOP = np.array(
    [5, 3, 2, 2, 3, 6, 15, 30, 50, 65, 75, 80, 75, 65, 60, 55, 55, 60, 70, 80, 68, 44, 22, 10]
) / 1000  # fmt: skip
#: As far as a day's profile wanders: an overdispersion of a thousandth.
CONCENTRATION, DAYS = 999, 300


def wandering(usual: Floats, orders: int, seed: int) -> list[Floats]:
    """Days drawn around the usual profile."""
    draw = np.random.default_rng(seed)
    shares = draw.dirichlet(CONCENTRATION * usual, DAYS)
    return [draw.multinomial(orders, one).astype(float) for one in shares]


@pytest.mark.parametrize("orders", [150, 1000, 10_000])
@pytest.mark.parametrize("usual", [SHOP, np.full(HOURS, 1 / HOURS)], ids=["shop", "any hour"])
def test_of_days_that_wander_farthest_hardly_one_is_turned(usual: Floats, orders: int):
    expected = orders * usual
    days = wandering(usual, orders, seed=orders)
    farthest = sorted(days, key=lambda day: -float(((day - expected) ** 2 / expected).sum()))
    assert sum(hours_turned(day, expected) > 0 for day in farthest[: DAYS // 10]) <= 2


@pytest.mark.parametrize(("hours", "orders"), [(1, 1000), (2, 1000), (9, 150), (22, 1000)])
def test_the_hours_of_another_zone_are_counted(hours: int, orders: int):
    days = wandering(np.roll(SHOP, hours), orders, seed=hours)
    found = [hours_turned(day, orders * SHOP) for day in days]
    assert sum(one == hours for one in found) > 0.75 * DAYS


def test_a_day_without_counts_is_not_turned():
    assert hours_turned(np.zeros(HOURS), np.zeros(HOURS)) == 0
