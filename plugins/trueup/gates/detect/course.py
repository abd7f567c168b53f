"""How every series stands between two days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trueup.gates.detect import baseline, budget, change, tails, wander
from trueup.gates.detect.panel import Bools, Floats, Ints, Panel
from trueup.gates.detect.tails import Level


@dataclass
class Course:
    """How every series stands between two days; arrays of one entry per series."""

    first: Ints  # column of the first day that counts; -1 before it
    is_open: Bools
    was_young: Bools  # an open breach was found against few days
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
    lost: Floats  # of shares, evidence order by order that half of them are lost
    is_clean: Bools  # [series, day]: may enter the baseline
    days: baseline.Days
    level: Level
    sums: change.Sums
    wander: wander.Wander


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
    is_new: Bools  # the days before it are too few to tell much
    is_young: Bools  # the days before it are few
    limits: budget.Limits
    sides: Ints  # on how many sides of what is expected the series can be out of order


def begin(panel: Panel) -> Course:
    """Before the first day."""
    series, days = panel.numerator.shape

    def zeros() -> Floats:
        return np.zeros(series)

    def none() -> Ints:
        return np.full(series, -1, dtype=np.int64)

    return Course(
        first=none(), is_open=np.zeros(series, dtype=bool),
        was_young=np.zeros(series, dtype=bool), shift=zeros(), since=none(),
        repaired=zeros(), clean_since=none(), clean_days=np.zeros(series, dtype=np.int64),
        rising=zeros(), falling=zeros(),
        rose=none() + 1, fell=none() + 1, together=zeros(), lost=zeros(),
        is_clean=np.zeros((series, days), dtype=bool),
        days=baseline.no_days(series), level=baseline.no_level(panel.is_rate),
        sums=change.no_sums(series, days), wander=wander.at_rest(series, days),
    )  # fmt: skip


def remember(course: Course, today: Today, rows: Bools) -> None:
    """How much of what clean days differ by lasts."""
    level, trials = today.level, np.maximum(today.trials, 1)
    unit = np.where(level.is_rate, level.ratio**2, level.ratio * (1 - level.ratio))
    of_spread = level.spread * unit * (trials / today.found.deviation) ** 2
    score = tails.score(today.hits, today.found)
    wander.learn(course.wander, today.day, score, of_spread, rows)
