"""What the bench counts of detectors' alarms, and the rules it holds them against, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench import detect, rivals
from bench.captures import live

REPAIR = detect.BREAK + detect.LASTS


def alarms(*spans: tuple[int, int]) -> np.ndarray:
    found = np.zeros((1, detect.DAYS), dtype=bool)
    for first, until in spans:
        found[0, first:until] = True
    return found


def test_a_break_found_next_day_and_closed_in_two_is_scored_so():
    found = detect.score(alarms((detect.BREAK + 1, REPAIR + 1)))
    assert found.recall == "0.00/1.00/1.00"
    assert found.lasting == "open on day 30 1.00, closed in two 1.00, alarms by the repair 0.00"
    assert (found.openings, found.true_openings) == (1, 1)


def test_an_alarm_by_the_repair_and_one_that_was_there_before_are_no_find():
    by_repair = detect.score(alarms((detect.BREAK, detect.BREAK + 5), (REPAIR + 3, REPAIR + 9)))
    assert (by_repair.repair_alarms, by_repair.open_on_day_30) == (1.0, 0.0)
    assert (by_repair.openings, by_repair.true_openings) == (2, 1)
    assert np.isnan(detect.score(alarms((detect.BREAK - 9, REPAIR))).same_day)


def test_elementary_judges_a_day_by_itself_among_others_and_cannot_reach_three_with_ten():
    metric = np.array([[100.0, 101, 99, 100, 102, 98, 100, 101, 99, 0]])
    assert not rivals.elementary(metric).any()
    longer = np.concatenate([np.tile([[100.0, 101, 99, 100, 102, 98]], 3), [[0.0]]], axis=1)
    assert rivals.elementary(longer)[0, -1]


def test_moving_deviations_show_a_step_for_a_day_and_a_ratio_that_dies_not_at_all():
    rng = np.random.default_rng(1)
    ratio = 0.95 + 0.02 * rng.random((1, 60))
    ratio[0, 40:] *= 0.5
    assert np.flatnonzero(rivals.moving_stdevs(ratio)[0, 40:])[0] == 0
    assert not rivals.moving_stdevs(ratio)[0, 41:46].any()


@pytest.mark.parametrize("rule", rivals.RULES.values())
def test_no_rule_alarms_on_what_never_changes(rule):
    assert not rule(np.full((2, 100), 0.93)).any()
    assert not rule(np.full((2, 100), 200.0)).any()


def test_series_are_the_worlds_own():
    lives = live((1, 2), 120)
    assert lives.capture.shape == lives.demand.shape == lives.claims.shape == (2, 120)
    assert 0.9 < lives.capture.mean() < 0.96 and 0.4 < lives.claims.mean() < 0.8
    assert (lives.promotion > 1).any() and lives.demand.mean() == pytest.approx(1)
    assert lives.orders(200).mean() == pytest.approx(200, rel=0.05)
