"""What a day changes about a series that is open (a breach), or opens it.

While it is not, four kinds of evidence may open it: a day whose tail is too rare, a step or a slope
that the days before did not foretell, a CUSUM of single orders, and one of normal scores where
shares are of one whole. While it is open each day speaks for the baseline or for the broken level.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from trueup.gates.detect import budget, change, lasting, mix, orders, tails, wander
from trueup.gates.detect.course import Course, Today
from trueup.gates.detect.panel import Bools, Floats, Ints, Panel

#: A day this rare, or half a CUSUM, that is also worth a look, does not enter the baseline.
SUSPICIOUS = 0.005
#: By how much rarer a day must be, and higher a CUSUM, to be a break while a series is young.
YOUNG, YOUNG_HEIGHT = 10.0, 1.5
#: While it is new, a break is what nobody could take for its usual self: a level that is less than
#: half or more than twice what it was, so much rarer, of a series that has had so many events.
NEW, COLLAPSE, EVENTS_TO_TELL = 1000.0, 2.0, 30.0
#: Of what is expected, as much may still come on a day whose counts are not complete.
LATE = 0.05
#: Fewer events too many or too few, in a day or in days that are added up, are nobody's evidence.
LEAST_EVENTS = 5.0
#: A step or a slope is none where the days since are not this rare by themselves.
UNCOMMON = 0.003


def follow(course: Course, today: Today, rows: Bools) -> None:
    """What the day says of breaches that are open: they close, last, or change."""
    if not rows.any():
        return
    says = lasting.speaks_for_baseline(today.level, course.shift, today.hits, today.trials)
    before = course.repaired + np.where(rows, says, 0)
    course.repaired = np.maximum(before, 0)
    none = rows & (course.repaired <= 0)
    course.clean_days = np.where(none, 0, course.clean_days + (rows & ~none))
    course.clean_since = np.where(rows & (course.clean_days == 1), today.day, course.clean_since)
    # Days that hang together say the same thing over again
    again = wander.farther(course.clean_days, course.wander.lasts)
    enough = rows & (course.repaired >= lasting.ENOUGH * again)
    enough &= course.clean_days >= lasting.LEAST_CLEAN_DAYS
    start = np.where(course.clean_days > 0, course.clean_since, today.day)
    shift, noise = course.sums.shift(start, today.day)
    level = today.level
    third = change.is_material(level, level.ratio + shift, lasts=True) & (
        np.abs(shift) > 3 * np.sqrt(noise + level.doubt)
    )
    _close(course, enough & ~third)
    changed = enough & third
    # A level on the other side of the baseline is another break
    turned = changed & (np.sign(shift) != np.sign(course.shift))
    course.since = np.where(turned, start, course.since)
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
    course.rising[rows] = course.falling[rows] = course.together[rows] = course.lost[rows] = 0
    for one in np.flatnonzero(rows):
        course.is_clean[one, course.clean_since[one] :] = True
    course.repaired[rows] = 0
    course.clean_days[rows] = 0


def look(course: Course, today: Today, panel: Panel, rows: Bools) -> Bools:
    """Breaches that the day opens, and days that are suspicious."""
    level, limits, day = today.level, today.limits, today.day
    high, run, events = _add_up(course, today, rows)
    observed = today.hits / np.maximum(today.trials, 1)
    by_day = change.is_material(level, observed, lasts=False)
    by_day &= np.abs(today.hits - today.found.mean) >= LEAST_EVENTS
    # What a rate is of so few is chance itself: a day's own count says little of what led to it
    by_day &= ~level.is_rate | (today.trials >= LEAST_EVENTS)
    p_value = np.where(rows, today.p_value * _doubt(today), np.nan)
    by_day &= budget.rare(p_value, panel.family, limits.alpha)
    by_day &= ~today.is_new | _is_collapse(course, today, observed)
    left = _by_wander(course, today, rows)
    run_lasts = change.is_material(level, level.ratio + run, lasts=True) & (events >= LEAST_EVENTS)
    # Of one whole no category need leave its level by much: there a run of days speaks by itself
    height = limits.height * np.where(today.is_young, YOUNG_HEIGHT, 1.0)
    by_sum = panel.is_mix & (high > height) & run_lasts
    if panel.is_mix.any():
        by_sum |= run_lasts & _by_family(course, today, panel, rows, high)
    of_share = rows & ~level.is_rate & ~panel.is_mix
    course.lost = orders.step(course.lost, level.ratio, today.hits, today.trials, of_share)
    by_order = course.lost >= orders.height(course.days.trials_a_day, limits.yearly_of_orders)
    opens = rows & (by_day | ((left != 0) | by_sum | by_order) & ~today.is_new)
    course.was_young = np.where(opens, today.is_young, course.was_young)
    # A day or an order lies where it lies, a step or a slope where it leads, a run where it runs
    way = np.where(left != 0, left, run)
    off = np.where(by_day | by_order, today.hits - today.found.mean, way)
    _open(course, np.flatnonzero(opens), np.sign(off), day)
    rare = (today.p_value < SUSPICIOUS) & change.is_material(level, observed, lasts=True)
    doubtful = limits.height * np.where(panel.is_mix, 0.5, 1.0)
    suspicious: Bools = rows & ~opens & (rare | ((high > doubtful) & run_lasts))
    # Of a new series nobody knows what is usual, and one that learned nothing would stay new
    return suspicious & ~today.is_new


def _by_wander(course: Course, today: Today, rows: Bools) -> Floats:
    """Which way series left their level, or slide off it, farther than they wander; else 0."""
    limits, sides = today.limits, today.sides
    size = today.trials / today.found.deviation
    wander.step(course.wander, tails.score(today.hits, today.found), size, rows)
    found = np.zeros(len(size))
    kinds = ((wander.STEP, limits.alpha_of_steps), (wander.SLOPE, limits.alpha_of_slopes))
    for kind, alpha in kinds:
        for days in wander.LENGTHS[kind]:
            distance = wander.evidence(course.wander, kind, days)
            beyond = (np.abs(distance) > -ndtri(alpha / sides)) & (found == 0)
            beyond &= today.day - course.sums.since >= days - 1
            if not beyond.any():
                continue
            beyond &= _shows(course, today, np.sign(distance), min(days, wander.WEEK))
            found = np.where(beyond, np.sign(distance), found)
    return found


def _shows(course: Course, today: Today, way: Floats, days: int) -> Bools:
    """Whether so many days lie that way of the level by themselves, too: by as much as matters, and
    farther than is common among days that hang together."""
    level, day = today.level, today.day
    start = np.maximum(course.sums.since, day - days + 1)
    shift, _ = course.sums.shift(start, day)
    found = change.is_material(level, level.ratio + shift, lasts=True) & (way * shift > 0)
    found &= course.sums.events(start, day) >= LEAST_EVENTS
    farther = wander.farther(day + 1 - start, course.wander.lasts)
    found &= course.sums.rarity(start, day, level, farther) < UNCOMMON
    return found


def glance(course: Course, today: Today, panel: Panel, rows: Bools) -> None:
    """Losses that days show whose counts may still grow, and which no growth would make good."""
    if not rows.any():
        return
    grown = grown_up(today, panel)
    p_value = tails.two_sided(grown, today.found) * today.sides / 2
    p_value = np.where(rows, p_value * _doubt(today), np.nan)
    lost = change.is_material(today.level, grown / np.maximum(today.trials, 1), lasts=False)
    lost &= (today.found.mean - grown >= LEAST_EVENTS) & ~today.is_new
    lost &= budget.rare(p_value, panel.family, today.limits.alpha)
    course.was_young = np.where(rows & lost, today.is_young, course.was_young)
    _open(course, np.flatnonzero(rows & lost), -np.ones(len(lost)), today.day)


def grown_up(today: Today, panel: Panel) -> Floats:
    """What of a day that is not mature may be counted in the end, as far as it is expected."""
    grown = panel.growth * today.hits + LATE * today.found.mean
    least: Floats = np.minimum(grown, today.found.mean)
    return least


def _doubt(today: Today) -> Floats:
    """Against few days only what is beyond doubt is a break: how much likelier a day is taken."""
    return np.where(today.is_new, NEW, np.where(today.is_young, YOUNG, 1.0))


def _is_collapse(course: Course, today: Today, observed: Floats) -> Bools:
    """Days that are beyond doubt even against the few days a new series has."""
    events = course.days.numerator.sum(axis=(1, 2))
    usual = today.level.ratio
    apart = (observed * COLLAPSE < usual) | (observed > usual * COLLAPSE)
    found: Bools = apart & (events >= EVENTS_TO_TELL)
    return found


def _add_up(course: Course, today: Today, rows: Bools) -> tuple[Floats, Floats, Floats]:
    """The CUSUM of each series after the day, and of the days that it adds up the shift, and the
    events too many or too few."""
    score = tails.score(today.hits, today.found)
    rising, falling = change.step(course.rising, course.falling, score, course.wander.hang)
    course.rising = np.where(rows, rising, course.rising)
    course.falling = np.where(rows, falling, course.falling)
    course.rose = np.where(course.rising > 0, course.rose, today.day + 1)
    course.fell = np.where(course.falling > 0, course.fell, today.day + 1)
    start = np.where(course.rising > course.falling, course.rose, course.fell)
    start = np.minimum(start, today.day)
    shift, _ = course.sums.shift(start, today.day)
    events = course.sums.events(start, today.day)
    return np.maximum(course.rising, course.falling), shift, events


def _by_family(course: Course, today: Today, panel: Panel, rows: Bools, high: Floats) -> Bools:
    """Categories that stand for a mix whose chi-squares add up."""
    says = -ndtri(np.where(rows, today.together, np.nan))
    clipped = np.clip(says, -tails.WIDEST_SCORE, tails.WIDEST_SCORE) - budget.ALLOWANCE
    # Once a category is open the family is not asked, and begins anew when it is over
    course.together = np.where(np.isnan(clipped), 0, np.maximum(course.together + clipped, 0))
    enough = rows & panel.is_mix & (course.together > today.limits.height)
    return enough & mix.stands(panel.family, enough, high)


def _open(course: Course, rows: Ints, way: Floats, day: int) -> None:
    """Breaches begin that lie `way` of the level."""
    if not len(rows):
        return
    wander.forget(course.wander, rows)
    course.since[rows] = change.onset(course.sums, rows, way[rows], day)
    course.is_open[rows] = True
    shift, _ = course.sums.shift(np.maximum(course.since, 0), day)
    course.shift[rows] = shift[rows]
    course.repaired[rows] = 0
    course.clean_days[rows] = 0
    for one in rows:
        course.is_clean[one, course.since[one] :] = False
