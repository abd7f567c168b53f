"""One budget of false alarms for all series: its parts, the CUSUM's height, and Holm's steps."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.gates.detect import budget
from trueup.gates.detect.change import step


def test_more_series_leave_less_to_each():
    few, many = budget.limits(50), budget.limits(2000)
    assert budget.limits(1).alpha == few.alpha
    most = budget.MOST_PER_SERIES * 2000 / budget.YEARLY_BUDGET
    assert many.alpha == pytest.approx(few.alpha / most)
    assert many.height > few.height and many.alpha_of_steps < few.alpha_of_steps
    assert many.alpha_of_slopes < few.alpha_of_slopes


@pytest.mark.parametrize("height", [3.0, 4.0])
def test_the_run_length_is_the_one_measured(height: float):
    """Siegmund's formula against 1,000 CUSUMs of independent normal scores."""
    rng = np.random.default_rng(1)
    rising, falling, days = np.zeros(1000), np.zeros(1000), np.zeros(1000)
    for _ in range(12_000):
        if (waiting := np.maximum(rising, falling) <= height).any():
            rising, falling = (
                np.where(waiting, new, old)
                for new, old in zip(
                    step(rising, falling, rng.normal(size=1000), np.ones(1000)),
                    (rising, falling),
                    strict=True,
                )
            )
            days += waiting
    assert days.mean() == pytest.approx(budget.run_length(height), rel=0.1)
    assert budget.height(budget.run_length(height)) == pytest.approx(height, abs=1e-3)


def test_holm_gives_the_next_segments_of_a_family_what_the_first_did_not_need():
    family = np.array([0, 0, 0, 1])
    p_value = np.array([1e-5, 1.4e-4, 0.5, 1.4e-4])
    assert budget.rare(p_value, family, 1e-4).tolist() == [True, True, False, False]
    assert not budget.rare(np.array([np.nan, 0.2, np.nan, 1.0]), family, 1e-4).any()
