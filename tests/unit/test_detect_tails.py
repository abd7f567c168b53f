"""The tail in closed form against the exact sums of beta-binomial and negative binomial."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom, nbinom

from trueup.gates.detect.tails import Level, limits, moments, two_sided


def level(ratio: float, spread: float, *, is_rate: bool = False) -> Level:
    return Level(
        np.array([ratio]), np.array([spread]), np.ones(1), np.zeros(1), np.array([is_rate])
    )


def exact(distribution, count: float) -> float:
    return min(1.0, 2 * min(distribution.cdf(count), distribution.sf(count - 1)))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.92])
@pytest.mark.parametrize("trials", [20, 30, 200, 1500])
@pytest.mark.parametrize("spread", [1e-6, 0.004, 0.01])
def test_a_share_is_as_rare_as_the_exact_sum_says(share: float, trials: int, spread: float):
    """Within a factor of four at one in ten thousand, and never rarer than it is by a half."""
    weight = (1 - spread) / spread
    distribution = betabinom(trials, share * weight, (1 - share) * weight)
    found = moments(level(share, spread), np.array([float(trials)]))
    for alpha in (1e-2, 1e-3, 1e-4):
        for count in (distribution.ppf(alpha / 2), distribution.isf(alpha / 2)):
            if (truth := exact(distribution, count)) < 50 * alpha:
                ratio = two_sided(np.array([count]), found)[0] / truth
                assert 0.6 < ratio < 4.5, (alpha, count)


@pytest.mark.parametrize("rate", [0.4, 1.2, 25.0])
@pytest.mark.parametrize("spread", [0.001, 0.01, 0.04])
def test_a_rate_is_as_rare_as_the_exact_sum_says(rate: float, spread: float):
    for trials in (20, 200, 1500):
        mean = trials * rate
        distribution = nbinom(1 / spread, 1 / (1 + spread * mean))
        found = moments(level(rate, spread, is_rate=True), np.array([float(trials)]))
        for alpha in (1e-2, 1e-3, 1e-4):
            for count in (distribution.ppf(alpha / 2), distribution.isf(alpha / 2)):
                ratio = two_sided(np.array([count]), found)[0] / exact(distribution, count)
                assert 0.5 < ratio < 2.5, (trials, alpha, count)


def test_the_limits_are_where_the_tail_begins():
    found = moments(level(0.92, 0.004), np.array([200.0]))
    low, high = limits(found, 1e-3)
    assert two_sided(low - 1, found)[0] < 1e-3 < two_sided(low + 1.5, found)[0]
    assert low[0] < 184 < high[0]


def test_what_is_not_known_well_is_not_rare():
    sure, unsure = level(0.92, 0.004), level(0.92, 0.004)
    unsure = Level(unsure.ratio, unsure.spread, unsure.counting, np.array([0.01]), unsure.is_rate)
    trials, hits = np.array([200.0]), np.array([150.0])
    assert two_sided(hits, moments(sure, trials))[0] < 1e-4
    assert two_sided(hits, moments(unsure, trials))[0] > 1e-2


def test_the_cost_does_not_grow_with_the_count():
    found = moments(level(0.92, 0.004), np.array([1e12]))
    assert two_sided(np.array([0.5e12]), found)[0] < 1e-6
