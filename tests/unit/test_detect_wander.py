"""What the days before foretell is no evidence; a step or a slope beyond it is."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.gates.detect import wander
from trueup.gates.detect.panel import Floats
from trueup.gates.detect.wander import LENGTHS, SLOPE, STEP, WEEK

SERIES, DAYS = 4000, 60


def scores(lasts: float) -> Floats:
    """Normal scores of which that part lasts and fades by `REACH` a day."""
    rng = np.random.default_rng(1)
    own, path = rng.normal(size=(2, SERIES, DAYS))
    for day in range(1, DAYS):
        kept = wander.REACH * path[:, day - 1]
        path[:, day] = kept + (1 - wander.REACH**2) ** 0.5 * path[:, day]
    found: Floats = lasts**0.5 * path + (1 - lasts) ** 0.5 * own
    return found


def followed(score: Floats, lasts: float, days: int = DAYS) -> wander.Wander:
    found = wander.at_rest(len(score), days)
    found.lasts = np.full(len(score), lasts)
    every = np.ones(len(score), dtype=bool)
    for day in range(days):
        wander.step(found, score[:, day], np.ones(len(score)), every)
    return found


@pytest.mark.parametrize("lasts", [0.0, 0.4, 0.7])
def test_evidence_of_nothing_is_as_wide_as_a_normal_score(lasts: float):
    found = followed(scores(lasts), lasts)
    for kind, lengths in LENGTHS.items():
        for days in lengths:
            distance = wander.evidence(found, kind, days)
            assert distance.std() == pytest.approx(1, abs=0.04)
            assert distance.mean() == pytest.approx(0, abs=0.06)


def test_a_level_that_jumps_tells_more_than_its_week_compared_with_the_baseline():
    lasts, shift = 0.6, 2.5
    score = scores(lasts)
    wide = score[:, -WEEK:].mean(axis=1).std()
    score[:, -WEEK:] -= shift
    assert -wander.evidence(followed(score, lasts), STEP, WEEK).mean() > 1.1 * shift / wide


def test_a_level_that_slides_shows_as_a_slope_more_than_as_a_step():
    score = scores(0.4)
    (days,) = LENGTHS[SLOPE]
    score[:, -days:] -= np.arange(1, days + 1) / 5
    found = followed(score, 0.4)
    slope = -wander.evidence(found, SLOPE, days).mean()
    assert slope > 5
    assert slope > max(-wander.evidence(found, STEP, length).mean() for length in LENGTHS[STEP])


def test_days_without_counts_only_fade_and_what_is_forgotten_tells_nothing():
    found = followed(scores(0.6), 0.6)
    before = found.predicted.copy()
    wander.step(found, np.full(SERIES, 9.0), np.ones(SERIES), np.zeros(SERIES, dtype=bool))
    np.testing.assert_allclose(found.predicted, wander.REACH * before)
    wander.forget(found, np.array([0, 1]))
    assert (wander.evidence(found, STEP, WEEK)[:2] == 0).all()
    assert (wander.evidence(found, STEP, WEEK)[2:] != 0).all()


def test_how_much_lasts_is_learned_from_the_days_and_assumed_before():
    lasting, fleeting = (wander.at_rest(SERIES, 300) for _ in range(2))
    every, of_spread = np.ones(SERIES, dtype=bool), np.full(SERIES, 0.5)
    rng = np.random.default_rng(2)
    kept = rng.normal(size=SERIES)
    for day in range(300):
        fresh = rng.normal(size=(2, SERIES))
        kept = wander.REACH * kept + (1 - wander.REACH**2) ** 0.5 * fresh[0]
        wander.learn(lasting, day, kept, of_spread, every)
        wander.learn(fleeting, day, fresh[1], of_spread, every)
    assert fleeting.lasts.mean() < wander.ASSUMED * 0.5 < lasting.lasts.mean()
    assert lasting.by_day[:, 0].mean() == pytest.approx(wander.ASSUMED * 0.5, abs=0.01)


@pytest.mark.parametrize("days", [1, 2, 7, 18])
def test_a_sum_of_days_wanders_as_far_as_their_correlations_say(days: int):
    lasts, at = 0.6, np.arange(days)
    apart = np.abs(at[:, None] - at)
    whole = np.where(apart == 0, 1.0, lasts * wander.REACH**apart).sum() / days
    assert wander.farther(np.array([days]), np.array([lasts]))[0] == pytest.approx(whole)
