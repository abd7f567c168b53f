"""Series judged day by day: breaks are found and stay open, clean years are left alone, and what
is said of a day does not depend on when it is asked."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from trueup.gates.detect.judging import judge
from trueup.gates.detect.panel import Panel, Scores, State, panel
from unit.signal_counts import from_day, shares

DAYS, BREAK, REPAIR = 200, 120, 165


def judged(seed: int, orders: float, factor: float, **options) -> Scores:
    factors = from_day(DAYS, BREAK, factor, REPAIR)
    return judge(panel(*shares(seed, orders, days=DAYS, factors=factors, **options)))


def openings(scores: Scores, since: int = 0) -> int:
    is_open = scores.is_breach
    return int((is_open[:, 1:] & ~is_open[:, :-1])[:, since:].sum())


def cut(counts: Panel, days: int) -> Panel:
    """The panel as it was known after so many days."""
    found = {field.name: getattr(counts, field.name) for field in fields(Panel)}
    for name in ("numerator", "denominator", "is_mature", "is_rebased"):
        found[name] = found[name][:, :days]
    return Panel(**found)


@pytest.mark.parametrize(
    ("orders", "factor", "within", "share"),
    [(30, 0.0, 0, 1.0), (30, 0.5, 1, 0.9), (30, 0.8, 7, 0.9), (200, 0.8, 1, 0.85),
     (1500, 0.8, 0, 1.0)],
)  # fmt: skip
def test_a_loss_is_found_within_days(orders: int, factor: float, within: int, share: float):
    found = judged(11, orders, factor).is_breach[:, BREAK : BREAK + within + 1]
    assert found.any(axis=1).mean() >= share


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.8])
def test_a_break_that_lasts_stays_open_and_its_repair_raises_nothing(factor: float):
    scores = judged(12, 200, factor)
    assert scores.is_breach[:, BREAK + 8 : REPAIR].all()
    assert scores.is_breach[:, REPAIR + 7].mean() <= 0.1
    assert (scores.direction[:, BREAK + 8 : REPAIR] == -1).all()
    assert openings(scores, since=REPAIR) <= 1


def test_onset_and_effect_say_what_happened():
    scores = judged(13, 200, 0.5)
    last = REPAIR - 1
    assert (np.abs(scores.since[:, last] - BREAK) <= 1).mean() >= 0.95
    assert np.median(scores.effect[:, last]) == pytest.approx(0.5, abs=0.05)


def test_what_is_lost_altogether_leaves_nothing_and_not_less():
    scores = judged(14, 200, 0.0)
    effect = scores.effect[:, BREAK + 8 : REPAIR]
    assert (effect >= 0).all() and effect.max() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("orders", [30, 200, 1500])
def test_a_clean_year_that_wanders_raises_few_alarms(orders: int):
    scores = judge(panel(*shares(14, orders, series=40)))
    assert openings(scores) / 40 <= 0.5


def test_the_verdict_on_a_day_is_the_same_whenever_it_is_asked():
    factors = from_day(150, 90, 0.6, 130)
    hits, trials = shares(15, 60, series=8, days=150, factors=factors)
    trials[2, 40:55] = 0
    hits[:, :][trials == 0] = 0
    trials[3, :50] = 0
    hits[3, :50] = 0
    whole_counts = panel(hits, trials, first_weekday=3, family=np.arange(8) // 2)
    whole = judge(whole_counts)
    for days in (5, 20, 91, 95, 140):
        part = judge(cut(whole_counts, days))
        for field in fields(Scores):
            np.testing.assert_array_equal(
                getattr(part, field.name), getattr(whole, field.name)[:, :days], field.name
            )


def test_half_a_point_a_day_is_found_within_three_weeks_and_a_point_a_month_is_not():
    creeping = 1 - np.maximum(np.arange(DAYS) - BREAK, 0) * 0.005 / 0.92
    found = judge(panel(*shares(16, 300, days=DAYS, factors=creeping), worse=-1)).is_breach
    assert found[:, BREAK : BREAK + 22].any(axis=1).mean() >= 0.95
    drifting = 1 - np.arange(DAYS) * 0.01 / 30 / 0.92
    hits, trials = shares(17, 300, days=DAYS, factors=drifting, still=True)
    assert openings(judge(panel(hits, trials, worse=-1))) == 0


def test_a_break_inside_the_first_fortnight_is_found():
    hits, trials = shares(18, 100, days=20, factors=from_day(20, 9, 0.0))
    scores = judge(panel(hits, trials))
    assert scores.is_breach[:, 10].mean() >= 0.9
    assert not scores.is_breach[:, :9].any()
    assert (scores.state[:, 8] == State.LEARNING).all()


def test_an_accepted_level_is_the_one_expected_from_its_day_on():
    hits, trials = shares(19, 200, days=DAYS, factors=from_day(DAYS, BREAK, 0.7))
    rebased = np.zeros(hits.shape, dtype=bool)
    rebased[:, BREAK] = True
    scores = judge(panel(hits, trials, is_rebased=rebased))
    assert scores.is_breach[:, BREAK:].mean() <= 0.01
    assert scores.expected[:, -1] == pytest.approx(0.64, abs=0.06)
    assert judge(panel(hits, trials)).is_breach[:, -1].all()


def test_rates_above_one_double_and_halve():
    rng = np.random.default_rng(20)
    orders = rng.poisson(30, (20, DAYS))
    for factor in (0.5, 2.0):
        rate = 1.3 * np.exp(rng.normal(0, 0.1, orders.shape)) * from_day(DAYS, BREAK, factor)
        scores = judge(panel(rng.poisson(orders * rate), orders, is_rate=True))
        assert scores.is_breach[:, BREAK : BREAK + 7].any(axis=1).mean() >= 0.95
        assert openings(scores) <= 26
        assert (scores.direction[:, -1] == (1 if factor > 1 else -1)).all()


def test_events_per_id_are_held_to_their_own_narrow_noise():
    rng = np.random.default_rng(21)
    ids = rng.poisson(40, (20, DAYS)) + 1
    events = ids + rng.binomial(ids, 0.015)
    events[:, BREAK:] += rng.binomial(ids[:, BREAK:], 0.25)
    scores = judge(panel(events, ids, is_rate=True))
    assert scores.is_breach[:, BREAK : BREAK + 4].any(axis=1).mean() >= 0.9
    assert not scores.is_breach[:, :BREAK].any()


def test_a_mix_names_the_category_that_moved():
    rng = np.random.default_rng(22)
    usual = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    broken = np.array([0.4, 0.25, 0.2 * 0.7, 0.1, 0.05 + 0.2 * 0.3])
    sessions = rng.poisson(600, DAYS)
    counts = np.stack(
        [rng.multinomial(n, rng.dirichlet(300 * (usual if d < BREAK else broken)))
         for d, n in enumerate(sessions)], axis=1,
    )  # fmt: skip
    family = np.zeros(5, dtype=np.int64)
    scores = judge(panel(counts, np.tile(sessions, (5, 1)), is_mix=True, family=family))
    assert not scores.is_breach[:, :BREAK].any()
    assert scores.is_breach[4, BREAK + 4] and scores.direction[4, BREAK + 4] == 1
    assert not scores.is_breach[[0, 1], BREAK + 4].any()


def test_a_profile_that_is_turned_by_an_hour_is_found_by_the_family():
    rng = np.random.default_rng(23)
    hours = np.arange(24)
    usual = 1 + 0.9 * np.cos(2 * np.pi * (hours - 15) / 24)
    usual /= usual.sum()
    counts = np.stack(
        [rng.multinomial(500, rng.dirichlet(400 * (usual if d < BREAK else np.roll(usual, 2))))
         for d in range(DAYS)], axis=1,
    )  # fmt: skip
    trials = np.full(counts.shape, 500)
    family = np.zeros(24, dtype=np.int64)
    scores = judge(panel(counts, trials, is_mix=True, family=family))
    assert scores.is_breach[:, BREAK : BREAK + 10].any()
    assert not scores.is_breach[:, :BREAK].any()


@pytest.mark.parametrize(
    "fill",
    [
        lambda hits, trials: (hits * 0, trials * 0),
        lambda hits, trials: (trials, trials),
        lambda hits, trials: (trials * 0, trials),
        lambda hits, trials: (trials * 2, trials),
        lambda hits, trials: (hits.clip(max=1), trials.clip(max=1)),
    ],
)
def test_odd_series_are_judged_without_an_error_or_an_alarm(fill):
    hits, trials = fill(*shares(24, 40, series=5, days=120, still=True))
    for is_rate in (False, True):
        scores = judge(panel(hits, trials, is_rate=is_rate))
        assert not scores.is_breach.any()


def test_more_than_the_whole_is_judged_as_a_rate_and_said():
    hits, trials = shares(25, 60, series=6, days=100, factors=from_day(100, 70, 1.6))
    rng = np.random.default_rng(25)
    hits[:, 70:] = trials[:, 70:] + rng.poisson(30, hits[:, 70:].shape)
    scores = judge(panel(hits, trials))
    assert scores.is_breach[:, 76].all() and (scores.direction[:, 76] == 1).all()
    assert scores.is_over_whole[:, 70:].all() and not scores.is_over_whole[:, :70].any()


def test_a_gap_and_days_without_counts_change_nothing():
    hits, trials = shares(26, 200, days=DAYS, factors=from_day(DAYS, BREAK, 0.6))
    hits[:, 60:100], trials[:, 60:100] = 0, 0
    hits[:, BREAK + 5], trials[:, BREAK + 5] = 0, 0
    scores = judge(panel(hits, trials))
    assert (scores.state[:, 60:100] == State.NONE).all()
    assert scores.is_breach[:, 100:BREAK].mean() < 0.02
    assert scores.is_breach[:, BREAK + 6 :].all()


def test_a_segment_that_appears_learns_first_and_one_that_vanishes_says_nothing():
    hits, trials = shares(27, 100, series=10, days=DAYS)
    hits[:5, :80], trials[:5, :80] = 0, 0
    hits[5:, 80:], trials[5:, 80:] = 0, 0
    scores = judge(panel(hits, trials))
    assert (scores.state[:5, :80] == State.NONE).all() and (scores.state[5:, 80:] == 0).all()
    assert (scores.state[:5, 80:90] == State.LEARNING).mean() > 0.9
    assert openings(scores) <= 1


def test_days_that_are_not_mature_open_what_late_counts_cannot_make_good_and_nothing_else():
    def judged(factor, *, is_late):
        hits, trials = shares(28, 200, days=100, factors=from_day(100, 97, factor))
        mature = np.ones(hits.shape, dtype=bool)
        mature[:, 97:] = not is_late
        return judge(panel(hits, trials, is_mature=mature)).is_breach

    assert judged(0.5, is_late=True)[:, 97:].all()
    assert not judged(0.92, is_late=True)[:, 97:].any()
    assert not judged(1.08, is_late=True)[:, 97:].any()
    assert judged(0.5, is_late=False)[:, 98:].all()


def test_what_may_grow_to_more_than_twice_as_much_opens_only_what_is_nearly_gone():
    """On the next morning half of a day's claims may not have been told of yet."""

    def judged(factor, growth):
        hits, trials = shares(37, 200, days=100, factors=from_day(100, 97, factor))
        mature = np.ones(hits.shape, dtype=bool)
        mature[:, 97:] = False
        return judge(panel(hits, trials, is_mature=mature, growth=growth)).is_breach[:, 97:]

    assert judged(0.45, 1.0).all() and not judged(0.45, 2.5).any()
    assert judged(0.05, 2.5).all()


def test_what_rose_on_days_that_are_not_mature_is_no_evidence_of_what_rises_later():
    factors = np.ones(DAYS)
    factors[BREAK - 4 : BREAK] = 1.4
    factors[BREAK + 2 :] = 1.4
    mature = np.ones((20, DAYS), dtype=bool)
    mature[:, BREAK - 4 : BREAK] = False
    rng = np.random.default_rng(39)
    trials = np.full(mature.shape, 200)
    hits = rng.binomial(trials, 0.5 * factors)
    scores = judge(panel(hits, trials, is_mature=mature))
    assert not scores.is_breach[:, : BREAK + 2].any()
    assert scores.is_breach[:, BREAK + 4].all()
    assert (scores.since[:, BREAK + 4] >= BREAK).all()


def test_a_day_with_next_to_nothing_to_compare_with_is_no_breach_of_a_rate():
    """Claims are of clicks of other days: where hardly anything was sold, they are no fewer."""
    rng = np.random.default_rng(38)
    sold = np.full((20, DAYS), 8)
    sold[:, BREAK] = 1
    claimed = rng.poisson(14, sold.shape)
    assert not judge(panel(claimed, sold, is_rate=True)).is_breach[:, BREAK].any()


def test_a_new_series_breaks_by_a_collapse_alone():
    """Of three weeks' level nobody knows more than what could be nothing else."""
    for factor, is_open in ((0.8, False), (0.1, True)):
        hits, trials = shares(31, 200, series=20, days=20, factors=from_day(20, 15, factor))
        found = judge(panel(hits, trials)).is_breach
        assert found[:, 15:].any(axis=1).mean() == pytest.approx(float(is_open), abs=0.1)


def test_a_level_that_first_days_did_not_have_is_learned_and_an_old_one_is_not():
    for day, is_learned in ((40, True), (150, False)):
        hits, trials = shares(32, 200, series=20, days=260, factors=from_day(260, day, 0.6))
        found = judge(panel(hits, trials)).is_breach
        assert found[:, day : day + 5].any(axis=1).all()
        assert found[:, day + 60 :].any(axis=1).mean() == pytest.approx(
            float(not is_learned), abs=0.1
        )


def test_a_loss_that_first_days_did_not_have_is_never_learned():
    """Orders that name their campaign fall from seven in ten to four, five weeks into the shop."""
    hits, trials = shares(35, 200, series=20, days=200, factors=from_day(200, 40, 0.6))
    found = judge(panel(hits, trials, worse=-1)).is_breach
    assert found[:, 40:45].any(axis=1).all()
    assert found[:, -1].all()


def test_a_few_events_too_many_are_nobodys_evidence():
    trials = np.full((10, 120), 400.0)
    hits = np.zeros_like(trials)
    hits[:, 100] = 3
    assert not judge(panel(hits, trials)).is_breach.any()
    hits[:, 100] = 60
    assert judge(panel(hits, trials)).is_breach[:, 100].all()


def test_what_rarely_happens_is_expected_as_often_as_it_does():
    """Nearly all are accepted: the few that are not are no outliers of the level."""
    generator = np.random.default_rng(33)
    trials = np.full((40, 150), 15.0)
    scores = judge(panel(generator.binomial(15, 0.96, trials.shape).astype(float), trials))
    assert np.nanmean(scores.expected[:, 100:]) == pytest.approx(0.96, abs=0.006)
    assert openings(scores) <= 3


@pytest.mark.parametrize("weekdays", [{0}, {4, 5}, {4, 5, 6}])
def test_a_shop_that_opens_on_few_weekdays_grows_old_too(weekdays: set[int]):
    """It never has as many days at once as others, and a dead tag is not its usual level."""
    days, first = 560, 400
    is_open = np.isin(np.arange(days) % 7, list(weekdays))
    for factor in (0.0, 0.8):
        hits, trials = shares(34, 200, days=days, factors=from_day(days, first, factor))
        found = judge(panel(hits * is_open, trials * is_open)).is_breach[:, is_open]
        before = int(is_open[:first].sum())
        assert (found[:, 1:before] & ~found[:, : before - 1]).sum() <= 1
        assert found[:, -10:].all(axis=1).mean() >= 0.9


def test_a_weekday_that_is_always_lower_is_reported_for_some_weeks_and_then_known():
    """Sundays see four orders in five of what other days see; from December on they see none."""
    rng = np.random.default_rng(3)
    days = np.arange(365)
    is_sunday = days % 7 == 6
    orders = rng.poisson(200, (20, 365)) + 1
    share = np.where(is_sunday, 0.92 * 0.8, 0.92)
    share = np.where((days >= 330) & is_sunday, 0.0, share)
    found = judge(panel(rng.binomial(orders, share).astype(float), orders)).is_breach
    opened = found.copy()
    opened[:, 1:] &= ~found[:, :-1]
    assert opened[:, :90].sum() / 20 <= 3 and opened[:, 90:330].sum() / 20 <= 1
    assert opened[:, 330:337].sum() == 20


def test_a_series_whose_first_days_were_odd_learns_what_is_usual():
    """Three days saw little; ever since, everything is seen. A loss is found in the end."""
    seen = np.full((1, 200), 100.0)
    seen[0, :3] = (60, 70, 65)
    seen[0, 150:] = 70
    scores = judge(panel(seen, np.full((1, 200), 100.0)))
    assert (scores.state[0, 100:150] == State.NORMAL).all()
    assert scores.is_breach[0, 151:].all()


@pytest.mark.parametrize("worse", [-1, 1])
def test_a_change_for_the_better_is_reported_to_nobody_and_learned(worse: int):
    """From .6 to .8 or .4, and back after seven weeks: what was learned by then is lost again."""
    better = 0.6 - 0.2 * worse
    share = np.where((np.arange(300) >= 150) & (np.arange(300) < 200), better, 0.6)
    rng = np.random.default_rng(31)
    hits = rng.binomial(200, share, (20, 300)).astype(float)
    trials = np.full(hits.shape, 200.0)
    found = judge(panel(hits, trials, worse=worse))
    assert not found.is_breach[:, :200].any()
    assert found.is_breach[:, 202].mean() >= 0.95
    assert (found.direction[:, 202][found.is_breach[:, 202]] == worse).all()
    assert judge(panel(hits, trials)).is_breach[:, 155].all()


@pytest.mark.parametrize("worse", [-1, 0, 1])
def test_what_begins_after_months_of_nothing_is_better_where_more_of_it_is(worse: int):
    """A sender of events that is set up in spring is no break of the months before it."""
    rng = np.random.default_rng(32)
    hits = rng.binomial(30, np.where(np.arange(200) < 120, 0.0, 0.9), (5, 200)).astype(float)
    found = judge(panel(hits, np.full(hits.shape, 30.0), worse=worse)).is_breach
    assert found[:, 121:].any() == (worse >= 0)


def test_the_luck_of_few_visits_of_a_share_near_its_end_is_none_of_a_week():
    """A normal tail takes ten misses of 36 for one week in a hundred thousand; it is one in two
    hundred times less."""
    rng = np.random.default_rng(33)
    trials = rng.poisson(4, (300, 365)).astype(float)
    hits = rng.binomial(trials.astype(int), 0.87).astype(float)
    assert openings(judge(panel(hits, trials))) <= 300 * 0.1


def test_a_loss_soon_after_a_change_for_the_better_is_found_within_days():
    share = np.where(np.arange(200) >= 150, 0.8, 0.6)
    share = np.where(np.arange(200) >= 160, 0.1, share)
    hits = np.random.default_rng(34).binomial(200, share, (20, 200)).astype(float)
    found = judge(panel(hits, np.full(hits.shape, 200.0), worse=-1)).is_breach
    assert not found[:, :160].any() and found[:, 162:].all()
