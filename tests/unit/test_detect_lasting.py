"""How long a break lasts, and how much evidence either side of a level asks for."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from trueup.gates.detect import breaches, change
from trueup.gates.detect.judging import judge
from trueup.gates.detect.panel import panel
from trueup.gates.detect.tails import Level
from unit.signal_counts import from_day, shares


def test_days_that_only_lie_nearer_than_the_first_of_a_break_are_no_repair():
    """A tenth is lost of 30 orders a day, and found by six days on which chance added as much."""
    factors = from_day(130, 100, 0.9)
    factors[100:106] = 0.77
    seen, orders = shares(3, 30, series=200, days=130, factors=factors)
    is_open = judge(panel(seen, orders, worse=-1)).is_breach
    found = is_open[:, 106] & ~is_open[:, 99]
    assert found.mean() > 0.9
    assert is_open[found][:, 106:].all(axis=1).mean() > 0.75
    assert is_open[found, 129].mean() > 0.93


@pytest.mark.parametrize("factor", [0.0, 0.5])
def test_what_lost_half_or_more_is_over_two_days_after_its_repair(factor: float):
    seen, orders = shares(5, 30, series=100, days=130, factors=from_day(130, 100, factor, 110))
    is_open = judge(panel(seen, orders, worse=-1)).is_breach
    assert is_open[:, 109].all()
    assert is_open[:, 111].mean() < 0.1


def test_half_as_many_claims_ask_for_less_evidence_than_twice_as_many(
    monkeypatch: pytest.MonkeyPatch,
):
    seen, orders = shares(7, 30, series=200, days=130, level=0.67)
    rng = np.random.default_rng(7)
    halved, doubled = seen.copy(), seen.copy()
    halved[:, 100:] = rng.binomial(seen[:, 100:].astype(int), 0.6)
    doubled[:, 100:] *= 2

    def found(claims: NDArray[np.float64]) -> float:
        is_open = judge(panel(claims, orders, is_rate=True)).is_breach
        return float(is_open[~is_open[:, 99], 100:107].any(axis=1).mean())

    with_more_for_falls = found(halved)
    assert found(doubled) == 1
    monkeypatch.setattr(breaches, "OF_FALLS", 0.5)
    assert with_more_for_falls > found(halved) + 0.01


@pytest.mark.parametrize("is_above", [True, False])
def test_the_least_that_matters_is_where_something_begins_to(is_above: bool):
    shares_and_rates = np.array([0.02, 0.3, 0.7, 0.92, 0.999, 1.4])
    is_rate = shares_and_rates > 1
    one = np.ones(len(is_rate))
    level = Level(shares_and_rates, 0.01 * one, one, 0 * one, is_rate)
    side = np.full(len(is_rate), is_above)
    least = change.least(level, side, lasts=True)
    reached = np.isfinite(least)
    assert reached.sum() == (5 if is_above else 6)
    away = np.where(reached, least, 0) * (1 if is_above else -1)
    assert change.is_material(level, shares_and_rates + 1.001 * away, lasts=True)[reached].all()
    assert not change.is_material(level, shares_and_rates + 0.999 * away, lasts=True).any()
