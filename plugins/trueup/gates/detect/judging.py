"""The days in order: what each says of every series, given the days before it alone.

The baseline takes days once they are old enough, stands still while a breach is open, and each day
is held against it (`breaches`). So the verdict on a day depends on the days up to it, and on
nothing else: asked again later, it is the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trueup.gates.detect import baseline, budget, mix, tails, wander
from trueup.gates.detect.breaches import follow, glance, grown_up, look
from trueup.gates.detect.course import Course, Today, begin, remember
from trueup.gates.detect.panel import Bools, Ints, Panel, Scores, State, no_scores
from trueup.gates.detect.tails import Level

#: A weekday that was out of order so many weeks in a row, and of the days between the share that
#: must have been in order.
ODD_WEEKS, IN_ORDER = 3, 0.8
#: A change for the better is the new usual, unless it ends within so many days. So is a break found
#: against few days, but never where it is known to be one for the worse.
LEARNED_AFTER = 21


def _no_note(_day: int, _course: Course) -> None:
    """How series stand is not kept."""


def judge(panel: Panel, yearly_budget: float = budget.YEARLY_BUDGET) -> Scores:
    """The scores of every series and day."""
    return judge_from(0, begin(panel), panel, yearly_budget)


def judge_from(
    first: int,
    course: Course,
    panel: Panel,
    yearly_budget: float = budget.YEARLY_BUDGET,
    note: Callable[[int, Course], None] = _no_note,
) -> Scores:
    """The scores of the days from column `first`, before which series stood as `course` says; of
    those before nothing is said. How they stand before each day goes to `note`."""
    scores = no_scores(panel.numerator.shape)
    over = ~panel.is_rate[:, None] & (panel.numerator > panel.denominator)
    scores.is_over_whole[:] = over & (panel.denominator > 0)
    for day in range(first, panel.numerator.shape[1]):
        note(day, course)
        _start_series(course, panel, day)
        fitted = baseline.fit(course.days, course.level, course.wander.hang, panel.is_rate)
        course.level = fitted.level
        today = _today(course, panel, day, fitted, yearly_budget)
        _add_up(course, today, panel)
        counts = today.is_judged & panel.is_mature[:, day]
        was_open = course.is_open.copy()
        follow(course, today, counts & was_open)
        suspicious = look(course, today, panel, counts & ~was_open)
        glance(course, today, panel, today.is_judged & ~panel.is_mature[:, day] & ~was_open)
        remember(course, today, counts & ~course.is_open & ~suspicious & ~was_open)
        _write(scores, course, today, fitted.day_count, suspicious, panel)
        _mark(course, today, panel.is_mature[:, day], suspicious)
    return scores


def _start_series(course: Course, panel: Panel, day: int) -> None:
    """Series begin with their first counts; then a day that is old enough enters the baseline."""
    _begin_anew(course, panel, day)
    begins = (course.first < 0) & (panel.denominator[:, day] > 0)
    course.first[begins] = day
    course.sums.since[begins] = day
    age, candidate = day - course.first, _newest_old_enough(course, day)
    # A young series' lag grows every second day, and then nothing new is old enough
    moves = (course.first >= 0) & ((age % 2 == 1) | (age > 2 * baseline.GUARD))
    moves &= candidate >= course.first
    rows = np.flatnonzero(moves)
    column = candidate[rows]
    clean = course.is_clean[rows, column] & ~course.is_open[rows]
    rows = rows[clean | _is_weekly(course, panel, rows, column, day)]
    _take(course, panel, rows, candidate[rows])


def _begin_anew(course: Course, panel: Panel, day: int) -> None:
    """Series a person re-bases forget what they know. Those that turned out to have another level
    than their first days had, and no worse one, or are better than they were, know the days since
    they left it."""
    is_rebased = panel.is_rebased[:, day] & (course.first >= 0)
    is_worse = panel.worse * course.shift > 0
    is_learned = course.is_open & (course.was_young | _is_better(course, panel)) & ~is_worse
    is_learned &= (day - course.since >= LEARNED_AFTER) & ~is_rebased
    again = is_learned | is_rebased
    if not again.any():
        return
    course.days.forget(again)
    wander.forget(course.wander, np.flatnonzero(again))
    course.first[again] = np.where(is_rebased, -1, course.since)[again]
    course.is_open[again] = False
    course.rising[again] = course.falling[again] = course.together[again] = 0
    course.lost[again] = 0
    course.sums.since[again] = day
    candidate = _newest_old_enough(course, day)
    for row in np.flatnonzero(is_learned):
        first = course.first[row]
        counts = (panel.denominator[row] > 0) & panel.is_mature[row]
        course.is_clean[row, first:day] = counts[first:day]
        days = first + np.flatnonzero(counts[first : candidate[row]])
        _take(course, panel, np.full(len(days), row), days)


def _newest_old_enough(course: Course, day: int) -> Ints:
    """The column before which each series' days may be in the baseline on `day`."""
    lag = np.minimum((day - course.first) // 2, baseline.GUARD)
    found: Ints = day - 1 - lag
    return found


def _take(course: Course, panel: Panel, rows: Ints, columns: Ints) -> None:
    """Days enter the baselines of their series, the earliest first."""
    for column in np.unique(columns):
        chosen = rows[columns == column]
        weekday = (panel.first_weekday + column) % baseline.WEEKDAYS
        at = chosen, column
        course.days.take(chosen, weekday, panel.numerator[at], panel.denominator[at])


def _is_better(course: Course, panel: Panel) -> Bools:
    """Which open series are not out of order: they left their level the way that harms nobody."""
    found: Bools = course.is_open & (panel.worse * course.shift < 0)
    return found


def _is_weekly(course: Course, panel: Panel, rows: Ints, column: Ints, day: int) -> Bools:
    """Whether a day that was out of order is so every week, between days that are in order: then
    it is how that weekday is, and is not to be reported for ever."""
    found = np.zeros(len(rows), dtype=bool)
    old = np.flatnonzero(column + baseline.WEEKDAYS * (ODD_WEEKS - 1) < day)
    if not len(old):
        return found
    at, first = rows[old, None], column[old, None]
    ago = np.arange(baseline.WEEKDAYS * (ODD_WEEKS - 1) + 1)
    is_clean = course.is_clean[at, first + ago]
    counts = (panel.denominator[at, first + ago] > 0) & panel.is_mature[at, first + ago]
    same = ago % baseline.WEEKDAYS == 0
    odd = (counts & ~is_clean)[:, same].all(axis=1)
    between = (is_clean & counts)[:, ~same].sum(axis=1)
    others = counts[:, ~same].sum(axis=1)
    found[old] = odd & (between > 0) & (between >= IN_ORDER * others)
    return found


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
    # Where one way is worse, a chance of being wrong the other way need not be paid for
    sides = np.where(panel.worse == 0, 2, 1)
    p_value = np.where(is_judged, tails.two_sided(hits, found) * sides / 2, np.nan)
    # What an open category moves, the others show too: then each speaks for itself alone
    is_known = np.isin(panel.family, panel.family[course.is_open & panel.is_mix])
    together = mix.joint_p(level, hits, trials, panel.family, is_judged & panel.is_mix & ~is_known)
    if panel.is_mix.any():
        off = np.abs(hits - found.mean) / found.deviation
        stands = mix.stands(panel.family, ~np.isnan(together), off)
        p_value = np.where(stands & (together < p_value), together, p_value)
    limits = budget.limits(int((course.first >= 0).sum()), yearly_budget)
    # Days it ever took: of a shop that opens twice a week it holds no more than twenty at once
    taken = course.days.turn.sum(axis=1)
    is_new, is_young = (taken < days for days in (baseline.NEW_DAYS, baseline.TRUSTED_DAYS))
    return Today(
        day, hits, trials, level, found, p_value, together, is_judged, is_new, is_young, limits,
        sides,
    )  # fmt: skip


def _add_up(course: Course, today: Today, panel: Panel) -> None:
    """The day's distance from what was expected is added to the others'. A day that is not mature
    tells of what it lacks beyond doubt, and of nothing else."""
    is_mature, mean = panel.is_mature[:, today.day], today.found.mean
    hits = np.where(is_mature, today.hits, grown_up(today, panel))
    tells = today.is_judged & (is_mature | (hits < mean))
    noise = tails.variance(today.level, np.maximum(today.trials, 1))
    distance, trials = np.where(tells, hits - mean, 0.0), np.where(tells, today.trials, 0.0)
    course.sums.add(today.day, distance, trials, noise)


def _mark(course: Course, today: Today, is_mature: Bools, suspicious: Bools) -> None:
    """Which series' day may enter the baseline once it is old enough."""
    clean = (today.trials > 0) & is_mature & ~course.is_open & ~suspicious
    course.is_clean[:, today.day] = clean


def _write(
    scores: Scores, course: Course, today: Today, day_count: Ints, suspicious: Bools, panel: Panel
) -> None:
    day, level = today.day, today.level
    has, judged = today.trials > 0, today.is_judged
    size = np.maximum(today.trials, 1)
    low, high = tails.limits(today.found, today.limits.alpha * 2 / today.sides)
    top = np.where(level.is_rate, np.inf, 1.0)
    scores.expected[:, day] = np.where(judged, level.ratio, np.nan)
    scores.low[:, day] = np.where(judged, np.clip(low / size, 0, top), np.nan)
    scores.high[:, day] = np.where(judged, np.clip(high / size, 0, top), np.nan)
    scores.baseline_days[:, day] = day_count
    scores.p_value[:, day] = today.p_value
    calm = np.where(today.is_young, State.LEARNING, State.NORMAL)
    is_better = _is_better(course, panel)
    is_broken = course.is_open & ~is_better
    state = np.where(suspicious | is_better, State.SUSPICIOUS, calm)
    scores.state[:, day] = np.where(has, np.where(is_broken, State.BREACH, state), State.NONE)
    is_open = has & is_broken
    shift, _ = course.sums.shift(np.maximum(course.since, 0), day)
    scores.since[:, day] = np.where(is_open, course.since, -1)
    scores.direction[:, day] = np.where(is_open, np.sign(shift), 0)
    # Of a level that is lost altogether sums leave a hair more or less than nothing
    effect = np.maximum((level.ratio + shift) / level.ratio, 0)
    scores.effect[:, day] = np.where(is_open, effect, np.nan)
