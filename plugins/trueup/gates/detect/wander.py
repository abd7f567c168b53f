"""What the days before did not foretell: a break that shows against how a series wanders by itself.

Part of a day's distance from the baseline lasts, and fades by a share each day; the rest is the
day's own. Each day is held against what was left of the days before (a Kalman filter of one state),
and so is a break: a step, or a slope, that began so many days ago. Its evidence is how well it
explains what no day before predicted (Willsky and Jones 1976). A level that jumps is found sooner
than by comparing weeks, and a week that wanders as the week before did is no break.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trueup.gates.detect.baseline import GUARD
from trueup.gates.detect.panel import Bools, Floats, Ints

#: How much of what lasts is left on the next day.
REACH = 0.85
#: A day's weight by the next, of how much lasts; and how many days what is assumed weighs.
MEMORY, ASSUMED_DAYS = 0.99, 120.0
#: Of what days differ by beyond their counting, the part that is assumed to last.
ASSUMED = 0.8
#: Correlations with all days before, each faded by `REACH`, of a score that lasts altogether.
ALL = REACH**2 / (1 - REACH**2)
#: No series lasts more, by what its days show: few that were odd would show it too.
MOST_LASTS = 0.7
#: The breaks that are looked for. A step that began yesterday or a week ago (one day is judged by
#: its own tail), a slope that began some three weeks ago.
STEP, SLOPE, WEEK = 0, 1, 7
LENGTHS = {STEP: (2, WEEK), SLOPE: (18,)}
LONGEST = max(max(lengths) for lengths in LENGTHS.values())


@dataclass
class Wander:
    """What lasts of each series' distance as of the last day, how much of it does, and the breaks
    that are looked for: arrays of [kind of break, series, days since it began]."""

    predicted: Floats  # in deviations of what lasts
    doubt: Floats
    echo: Floats  # what of the break the filter takes for wandering
    pull: Floats  # evidence: how far in the break's direction, and how much the days tell
    tells: Floats
    trace: Floats  # of the scores of the days before, fading
    products: Floats  # of days' scores with that trace, and their squares
    squares: Floats
    assumed: Floats
    by_day: Floats  # [series, day]: the part of a score's variance that lasts, as known by then
    lasts: Floats  # the same of the days the baseline knows: what creeps in must not excuse itself

    @property
    def hang(self) -> Floats:
        """How many times as far as that of independent days, as variance, the mean of many days
        wanders."""
        found: Floats = 1 + 2 * self.lasts * ALL
        return found


def at_rest(series: int, days: int) -> Wander:
    """Before the first day nothing is predicted."""
    echo, pull, tells = (np.zeros((2, series, LONGEST)) for _ in range(3))
    trace, products, squares, assumed, lasts = (np.zeros(series) for _ in range(5))
    return Wander(
        np.zeros(series), np.ones(series), echo, pull, tells, trace, products, squares, assumed,
        np.zeros((series, days)), lasts,
    )  # fmt: skip


def forget(wander: Wander, rows: Ints) -> None:
    """What came before says nothing of these series any more."""
    wander.predicted[rows], wander.doubt[rows] = 0.0, 1.0
    for held in (wander.echo, wander.pull, wander.tells):
        held[:, rows] = 0.0


def learn(wander: Wander, day: int, score: Floats, of_spread: Floats, rows: Bools) -> None:
    """How much lasts, after a clean day of the series in `rows`; `of_spread` is the part of the
    score's variance that is not counting."""
    products = MEMORY * wander.products + score * wander.trace
    wander.products = np.where(rows, products, wander.products)
    wander.squares = np.where(rows, MEMORY * wander.squares + score**2, wander.squares)
    wander.trace = REACH * (wander.trace + np.where(rows, score, 0.0))
    wander.assumed = np.where(rows, ASSUMED * of_spread, wander.assumed)
    seen = wander.products / ALL + wander.assumed * ASSUMED_DAYS
    wander.by_day[:, day] = np.clip(seen / (wander.squares + ASSUMED_DAYS), 0, MOST_LASTS)
    wander.lasts = wander.by_day[:, max(day - GUARD, 0)]


def step(wander: Wander, score: Floats, size: Floats, rows: Bools) -> None:
    """A day of the series in `rows`: its normal score, and how many deviations a shift of the ratio
    by one would be. In others what was predicted only fades."""
    lasts = wander.lasts
    predicted, doubt = REACH * wander.predicted, REACH**2 * wander.doubt + 1 - REACH**2
    loading = np.sqrt(lasts)
    noise = lasts * doubt + 1 - lasts
    gain = np.where(rows, doubt * loading / noise, 0.0)
    news = score - loading * predicted
    wander.predicted = predicted + gain * np.where(rows, news, 0.0)
    wander.doubt = doubt * (1 - gain * loading)
    for held in (wander.echo, wander.pull, wander.tells):
        held[:, :, 1:] = held[:, :, :-1]
        held[:, :, 0] = 0.0
    wander.echo *= REACH
    ages = np.stack([np.ones(LONGEST), np.arange(1, LONGEST + 1)])
    fresh = ages[:, None, :] * size[:, None] - loading[:, None] * wander.echo
    wander.echo += gain[:, None] * fresh
    weight = np.where(rows, 1 / noise, 0.0)[:, None]
    wander.pull += weight * fresh * np.where(rows, news, 0.0)[:, None]
    wander.tells += weight * fresh**2


def farther(days: Ints, lasts: Floats) -> Floats:
    """How many times the variance of so many days' sum is what it would be if none lasted."""
    count = np.maximum(days, 1)
    pairs = REACH / (1 - REACH) - REACH * (1 - REACH**count) / (count * (1 - REACH) ** 2)
    found: Floats = 1 + 2 * lasts * pairs
    return found


def evidence(wander: Wander, kind: int, days: int) -> Floats:
    """How many deviations a break of that kind that began `days` ago explains."""
    pull, tells = (held[kind, :, days - 1] for held in (wander.pull, wander.tells))
    return np.divide(pull, np.sqrt(tells), out=np.zeros_like(pull), where=tells > 0)
