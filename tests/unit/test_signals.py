"""The ratio test: breaks are caught within days, quiet and noisy years are left alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from trueup.gates.signals import MINIMUM_BASELINE_DAYS, judge

START = date(2026, 1, 1)
SERIES = 30
YEAR = 330


def series(seed: int, orders: int, *, factor: float = 1.0, from_day: int = YEAR) -> list:
    """Days of (date, seen, orders): weekdays, drift, promotions, and a capture of 92 % that itself
    varies from day to day; from `from_day` on capture is multiplied by `factor`."""
    random = np.random.default_rng(seed)
    days = np.arange(YEAR)
    level = orders * (1 + 0.2 * np.sin(days / 7 * 2 * np.pi)) * (1 + 0.3 * days / YEAR)
    level *= np.where(random.random(YEAR) < 8 / YEAR, 2.2, 1) * random.normal(1, 0.1, YEAR).clip(
        0.5
    )
    trials = random.poisson(level).clip(1)
    weight = (1 - 0.004) / 0.004
    capture = random.beta(0.92 * weight, 0.08 * weight, YEAR)
    seen = random.binomial(trials, np.where(days >= from_day, capture * factor, capture))
    return [
        (START + timedelta(days=int(d)), int(s), int(t))
        for d, s, t in zip(days, seen, trials, strict=True)
    ]


def breaches(days: list) -> list[int]:
    return [(row[0] - START).days for row in judge(days) if row[-1]]


@pytest.mark.parametrize("orders", [30, 200, 1500])
def test_a_clean_year_raises_hardly_any_alarm(orders: int):
    alarms = sum(len(breaches(series(seed, orders))) for seed in range(SERIES))
    assert alarms / (SERIES * YEAR / 365) <= 0.5


@pytest.mark.parametrize(
    ("orders", "factor", "within"), [(30, 0.0, 0), (30, 0.5, 2), (200, 0.8, 1)]
)
def test_a_lost_tag_is_seen_within_days(orders: int, factor: float, within: int):
    caught = 0
    for seed in range(SERIES):
        found = breaches(series(seed, orders, factor=factor, from_day=200))
        caught += any(200 <= day <= 200 + within for day in found)
    assert caught / SERIES >= 0.95


def test_a_break_that_lasts_stays_a_breach_and_never_becomes_the_baseline():
    found = breaches(series(1, 200, factor=0.6, from_day=200))
    assert set(range(200, YEAR)) <= set(found)


def test_a_rare_but_immaterial_shift_is_left_alone():
    found = breaches(series(2, 20_000, factor=0.97, from_day=200))
    assert [day for day in found if day >= 200] == []


def test_nothing_is_judged_before_there_is_a_baseline():
    first = judge(series(3, 50, factor=0.0, from_day=0))[:MINIMUM_BASELINE_DAYS]
    assert all(row[2] is None and row[-1] is False for row in first)
