"""The days in order: what each says of every series, given the days before it alone.

A series is open (a breach) or not. While it is not, three kinds of evidence may open it: a day
whose tail is too rare, a CUSUM of normal scores, and two weeks that together lie beyond what a
level may drift. While it is open the baseline stands still, and each day speaks for it or for the
broken level. So the verdict on a day depends on the days up to it and on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from trueup.gates.detect import baseline, budget, change, lasting, mix, tails
from trueup.gates.detect.panel import Bools, Floats, Ints, Panel, Scores, State, no_scores
from trueup.gates.detect.tails import Level

#: A day this rare, or half a CUSUM, that is also worth a look, does not enter the baseline.
SUSPICIOUS = 0.005
#: By how much rarer a day must be to be a break while a series is young.
YOUNG = 10.0
#: Memory of how much days hang together: a day's weight by the next, and how far a day reaches.
MEMORY, REACH = 0.99, 0.85
#: How many times as far as independent days a level wanders: assumed, for how many days; the most.
TOGETHER, TOGETHER_DAYS, MOST_TOGETHER = 2.0, 20.0, 8.0


@dataclass
class Course:
    """How every series stands between two days; arrays of one entry per series."""

    first: Ints  # column of the first day that counts; -1 before it
    is_open: Bools
    shift: Floats  # of an open breach, the distance of the broken level from the baseline
    since: Ints  # of an open breach, the column it began in
    repaired: Floats  # evidence that the baseline's level is back
    clean_since: Ints  # column from which that evidence speaks
    clean_days: Ints
    rising: Floats  # the CUSUM's two sides
    falling: Floats
    rose: Ints  # columns in which they last left 0
    fell: Ints
    together: Floats  # of mixes, the one-sided CUSUM of the family
    is_clean: Bools  # [series, day]: may enter the baseline
    trace: Floats  # of the scores of the days before, fading
    products: Floats  # of days' scores with that trace, and their squares
    squares: Floats
    hangs: Floats  # [series, day]: how much days hung together by then
    hang: (
        Floats  # the same, as of the days the baseline knows: what creeps in must not excuse itself
    )
    days: baseline.Days
    level: Level
    sums: change.Sums


@dataclass(frozen=True)
class Today:
    """One day of every series, and what is expected of it."""

    day: int
    hits: Floats
    trials: Floats
    level: Level
    found: tails.Moments
    p_value: Floats
    together: Floats  # of mixes, the p-value of the family
    is_judged: Bools  # has counts, and enough days before it
    is_young: Bools  # the days before it are few
    limits: budget.Limits


def judge(panel: Panel, yearly_budget: float = budget.YEARLY_BUDGET) -> Scores:
    """The scores of every series and day."""
    scores = no_scores(panel.numerator.shape)
    course = _begin(panel)
    for day in range(panel.numerator.shape[1]):
        _start_series(course, panel, day)
        fitted = baseline.fit(course.days, course.level, course.hang, panel.is_rate)
        course.level = fitted.level
        today = _today(course, panel, day, fitted, yearly_budget)
        course.sums.add(
            day, np.where(today.is_judged, today.hits - today.found.mean, 0.0),
            np.where(today.is_judged, today.trials, 0.0),
            tails.variance(today.level, np.maximum(today.trials, 1)),
        )  # fmt: skip
        counts = today.is_judged & panel.is_mature[:, day]
        was_open = course.is_open.copy()
        _follow(course, today, counts & was_open)
        suspicious = _look(course, today, panel, counts & ~was_open)
        _remember(course, today, counts & ~course.is_open & ~suspicious & ~was_open)
        _write(scores, course, today, fitted.day_count, suspicious, panel)
        _mark(course, today, panel.is_mature[:, day], suspicious, was_open)
    return scores


def _begin(panel: Panel) -> Course:
    series, days = panel.numerator.shape

    def zeros() -> Floats:
        return np.zeros(series)

    def none() -> Ints:
        return np.full(series, -1, dtype=np.int64)

    return Course(
        first=none(), is_open=np.zeros(series, dtype=bool), shift=zeros(), since=none(),
        repaired=zeros(), clean_since=none(), clean_days=np.zeros(series, dtype=np.int64),
        rising=zeros(), falling=zeros(),
        rose=none() + 1, fell=none() + 1, together=zeros(),
        is_clean=np.zeros((series, days), dtype=bool),
        trace=zeros(), products=zeros(), squares=zeros(),
        hangs=np.zeros((series, days)), hang=np.full(series, TOGETHER),
        days=baseline.no_days(series), level=baseline.no_level(panel.is_rate),
        sums=change.no_sums(series, days),
    )  # fmt: skip


def _start_series(course: Course, panel: Panel, day: int) -> None:
    """Series begin with their first counts and again where they are re-based; then a day that is
    old enough enters the baseline of each."""
    again = panel.is_rebased[:, day] & (course.first >= 0)
    if again.any():
        course.days.forget(again)
        course.first[again] = -1
        course.is_open[again] = False
        course.rising[again] = course.falling[again] = course.together[again] = 0
        course.sums.since[again] = day
    begins = (course.first < 0) & (panel.denominator[:, day] > 0)
    course.first[begins] = day
    course.sums.since[begins] = day
    age = day - course.first
    lag = np.minimum(age // 2, baseline.GUARD)
    candidate = day - 1 - lag
    # A young series' lag grows every second day, and then nothing new is old enough
    moves = (course.first >= 0) & ((age % 2 == 1) | (age > 2 * baseline.GUARD))
    moves &= (candidate >= course.first) & ~course.is_open
    rows = np.flatnonzero(moves)
    rows = rows[course.is_clean[rows, candidate[rows]]]
    for weekday in range(baseline.WEEKDAYS):
        chosen = rows[(panel.first_weekday + candidate[rows]) % baseline.WEEKDAYS == weekday]
        if len(chosen):
            columns = candidate[chosen]
            hits = panel.numerator[chosen, columns]
            trials = panel.denominator[chosen, columns]
            course.days.take(chosen, weekday, hits, trials)


def _today(
    course: Course, panel: Panel, day: int, fitted: baseline.Fit, yearly_budget: float
) -> Today:
    hits, trials = panel.numerator[:, day], panel.denominator[:, day]
    level = fitted.on((panel.first_weekday + day) % baseline.WEEKDAYS)
    over = hits > trials
    if (over & ~level.is_rate).any():
        # More than the whole cannot be a share: the day is judged as a rate
        level = Level(level.ratio, level.spread, level.counting, level.doubt, level.is_rate | over)
    found = tails.moments(level, np.maximum(trials, 1))
    is_judged = (trials > 0) & (fitted.day_count >= baseline.LEAST_DAYS)
    p_value = np.where(is_judged, tails.two_sided(hits, found), np.nan)
    together = mix.joint_p(level, hits, trials, panel.family, is_judged & panel.is_mix)
    if panel.is_mix.any():
        off = np.abs(hits - found.mean) / found.deviation
        stands = mix.stands(panel.family, ~np.isnan(together), off)
        p_value = np.where(stands & (together < p_value), together, p_value)
    limits = budget.limits(int((course.first >= 0).sum()), yearly_budget)
    is_young = fitted.day_count < baseline.TRUSTED_DAYS
    return Today(day, hits, trials, level, found, p_value, together, is_judged, is_young, limits)


def _follow(course: Course, today: Today, rows: Bools) -> None:
    """What the day says of breaches that are open: they close, last, or change."""
    if not rows.any():
        return
    says = lasting.speaks_for_baseline(today.level, course.shift, today.hits, today.trials)
    before = course.repaired + np.where(rows, says, 0)
    course.repaired = np.maximum(before, 0)
    none = rows & (course.repaired <= 0)
    course.clean_days = np.where(none, 0, course.clean_days + (rows & ~none))
    course.clean_since = np.where(rows & (course.clean_days == 1), today.day, course.clean_since)
    enough = rows & (course.repaired >= lasting.ENOUGH)
    enough &= course.clean_days >= lasting.LEAST_CLEAN_DAYS
    start = np.where(course.clean_days > 0, course.clean_since, today.day)
    shift, noise = course.sums.shift(start, today.day)
    level = today.level
    third = change.is_material(level, level.ratio + shift, lasts=True) & (
        np.abs(shift) > 2 * np.sqrt(noise + level.doubt)
    )
    _close(course, enough & ~third)
    changed = enough & third
    course.shift = np.where(changed, shift, course.shift)
    # While nothing speaks for the baseline, the broken level is that of the last two weeks
    recent = np.maximum(np.maximum(course.since, today.day - 13), 0)
    latest, _ = course.sums.shift(recent, today.day)
    course.shift = np.where(rows & none & course.is_open, latest, course.shift)
    for reset in (course.repaired, course.clean_days):
        reset[changed] = 0


def _close(course: Course, rows: Bools) -> None:
    """Breaches are over: what came before the first clean day is forgotten as evidence."""
    course.is_open[rows] = False
    course.sums.since[rows] = course.clean_since[rows]
    course.rising[rows] = course.falling[rows] = course.together[rows] = 0
    for one in np.flatnonzero(rows):
        course.is_clean[one, course.clean_since[one] :] = True
    course.repaired[rows] = 0
    course.clean_days[rows] = 0


def _look(course: Course, today: Today, panel: Panel, rows: Bools) -> Bools:
    """Breaches that the day opens, and days that are suspicious."""
    level, limits, day = today.level, today.limits, today.day
    high, run = _add_up(course, today, rows)
    observed = today.hits / np.maximum(today.trials, 1)
    by_day = change.is_material(level, observed, lasts=False)
    # Against few days only what is beyond doubt is a break: weigh the day as ten times as likely
    young = np.where(today.is_young, YOUNG, 1.0)
    by_day &= budget.rare(np.where(rows, today.p_value * young, np.nan), panel.family, limits.alpha)
    start = np.maximum(course.sums.since, day - change.SLOW_DAYS + 1)
    shift, noise = course.sums.shift(start, day)
    lasts = change.is_material(level, level.ratio + shift, lasts=True)
    slow = change.slow_distance(level, shift, noise, course.hang)
    by_weeks = (
        lasts & (slow > -ndtri(limits.alpha_of_weeks / 2)) & (day - start >= change.SLOW_DAYS - 1)
    )
    run_lasts = change.is_material(level, level.ratio + run, lasts=True)
    by_sum = (high > limits.height * np.where(today.is_young, 1.5, 1.0)) & run_lasts
    if panel.is_mix.any():
        by_sum |= run_lasts & _by_family(course, today, panel, rows, high)
    opens = rows & (by_day | by_weeks | by_sum)
    _open(course, np.flatnonzero(opens), day)
    rare = (today.p_value < SUSPICIOUS) & change.is_material(level, observed, lasts=True)
    suspicious: Bools = rows & ~opens & (rare | ((high > limits.height / 2) & run_lasts))
    return suspicious


def _add_up(course: Course, today: Today, rows: Bools) -> tuple[Floats, Floats]:
    """The CUSUM of each series after the day, and the shift of the days that it adds up."""
    score = tails.score(today.hits, today.found)
    rising, falling = change.step(course.rising, course.falling, score, course.hang)
    course.rising = np.where(rows, rising, course.rising)
    course.falling = np.where(rows, falling, course.falling)
    course.rose = np.where(course.rising > 0, course.rose, today.day + 1)
    course.fell = np.where(course.falling > 0, course.fell, today.day + 1)
    start = np.where(course.rising > course.falling, course.rose, course.fell)
    shift, _ = course.sums.shift(np.minimum(start, today.day), today.day)
    return np.maximum(course.rising, course.falling), shift


def _by_family(course: Course, today: Today, panel: Panel, rows: Bools, high: Floats) -> Bools:
    """Categories that stand for a mix whose chi-squares add up."""
    says = -ndtri(np.where(rows, today.together, np.nan))
    clipped = np.clip(says, -tails.WIDEST_SCORE, tails.WIDEST_SCORE) - budget.ALLOWANCE
    course.together = np.maximum(course.together + np.nan_to_num(clipped), 0)
    enough = rows & panel.is_mix & (course.together > today.limits.height)
    return enough & mix.stands(panel.family, enough, high)


def _open(course: Course, rows: Ints, day: int) -> None:
    if not len(rows):
        return
    course.since[rows] = change.onset(course.sums, rows, day)
    course.is_open[rows] = True
    shift, _ = course.sums.shift(np.maximum(course.since, 0), day)
    course.shift[rows] = shift[rows]
    course.repaired[rows] = 0
    course.clean_days[rows] = 0
    for one in rows:
        course.is_clean[one, course.since[one] :] = False


def _remember(course: Course, today: Today, rows: Bools) -> None:
    """How much clean days hang together: how many times as far as that of independent days the mean
    of many wanders, as variance; 1 and twice the correlations with the days before."""
    score = np.where(rows, tails.score(today.hits, today.found), 0.0)
    course.products = np.where(
        rows, MEMORY * course.products + score * course.trace, course.products
    )
    course.squares = np.where(rows, MEMORY * course.squares + score**2, course.squares)
    course.trace = REACH * (course.trace + score)
    together = 2 * course.products + (TOGETHER - 1) * TOGETHER_DAYS
    hang = np.clip(1 + together / (course.squares + TOGETHER_DAYS), 1, MOST_TOGETHER)
    course.hangs[:, today.day] = hang
    if today.day >= baseline.GUARD:
        course.hang = course.hangs[:, today.day - baseline.GUARD]


def _mark(
    course: Course, today: Today, is_mature: Bools, suspicious: Bools, was_open: Bools
) -> None:
    """Which series' day may enter the baseline once it is old enough."""
    clean = (today.trials > 0) & is_mature & ~course.is_open & ~suspicious
    course.is_clean[:, today.day] = clean


def _write(
    scores: Scores, course: Course, today: Today, day_count: Ints, suspicious: Bools, panel: Panel
) -> None:
    day, level = today.day, today.level
    has, judged = today.trials > 0, today.is_judged
    size = np.maximum(today.trials, 1)
    low, high = tails.limits(today.found, today.limits.alpha)
    top = np.where(level.is_rate, np.inf, 1.0)
    scores.expected[:, day] = np.where(judged, level.ratio, np.nan)
    scores.low[:, day] = np.where(judged, np.clip(low / size, 0, top), np.nan)
    scores.high[:, day] = np.where(judged, np.clip(high / size, 0, top), np.nan)
    scores.baseline_days[:, day] = day_count
    scores.p_value[:, day] = today.p_value
    calm = np.where(today.is_young, State.LEARNING, State.NORMAL)
    state = np.where(course.is_open, State.BREACH, np.where(suspicious, State.SUSPICIOUS, calm))
    scores.state[:, day] = np.where(has, state, State.NONE)
    is_open = has & course.is_open
    shift, _ = course.sums.shift(np.maximum(course.since, 0), day)
    scores.since[:, day] = np.where(is_open, course.since, -1)
    scores.direction[:, day] = np.where(is_open, np.sign(shift), 0)
    effect = (level.ratio + shift) / level.ratio
    scores.effect[:, day] = np.where(is_open, effect, np.nan)
    scores.is_over_whole[:, day] = has & ~panel.is_rate & (today.hits > today.trials)
