"""Evidence that adds up over days, how much of a change is worth a person's time, and since when.

Each day's distance from what was expected is kept as two running sums: `pull` (distances weighed
by what they tell) and `tells` (how much the days tell). Between any two days their differences give
the shift since then, and how sure it is, without another pass; `excess` gives by how many events,
of how many `trials`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from trueup.gates.detect import tails
from trueup.gates.detect.budget import ALLOWANCE
from trueup.gates.detect.panel import Bools, Floats, Ints
from trueup.gates.detect.tails import Level

#: Of a day, and of a level that has lasted: Cohen's h of two shares (the distance of their angles)
#: below which nobody acts. .15 are 5 % of a share of .92, .12 are 4 %.
DAY_ANGLE, LEVEL_ANGLE = 0.15, 0.13
#: Angles of small shares need large changes: this part of the share does as well, if it is a point.
DAY_PART, LEVEL_PART, POINT = 0.10, 0.07, 0.01
#: Towards its nearer end a share has little room, and is seldom worse for it.
TOWARDS_END = 1.75
#: And of a rate, of itself.
DAY_RATE, LEVEL_RATE = 0.20, 0.15
#: How far back a break may have begun when it is found.
FARTHEST_ONSET = 42


@dataclass(frozen=True)
class Sums:
    """Running sums of [series, day + 1], and the column from which each series' days count."""

    pull: Floats
    tells: Floats
    excess: Floats
    trials: Floats
    since: Ints

    def add(self, day: int, distance: Floats, trials: Floats, noise: Floats) -> None:
        """A day's distances (hits less those expected); `noise` is their variance."""
        known = trials > 0
        pull = np.divide(trials * distance, noise, out=np.zeros_like(noise), where=known)
        tells = np.divide(trials**2, noise, out=np.zeros_like(noise), where=known)
        self.pull[:, day + 1] = self.pull[:, day] + pull
        self.tells[:, day + 1] = self.tells[:, day] + tells
        self.excess[:, day + 1] = self.excess[:, day] + distance
        self.trials[:, day + 1] = self.trials[:, day] + trials

    def shift(self, first: Ints, day: int) -> tuple[Floats, Floats]:
        """The shift of the ratio in the days from `first` to `day`, and its variance by the days'
        own noise; infinite where no day tells anything."""
        rows = np.arange(len(first))
        pull = self.pull[:, day + 1] - self.pull[rows, first]
        tells = self.tells[:, day + 1] - self.tells[rows, first]
        known = tells > 0
        shift = np.divide(pull, tells, out=np.zeros_like(pull), where=known)
        return shift, np.divide(1.0, tells, out=np.full_like(pull, np.inf), where=known)

    def events(self, first: Ints, day: int) -> Floats:
        """How many events too many or too few there were in the days from `first` to `day`."""
        found: Floats = np.abs(self.excess[:, day + 1] - self.excess[np.arange(len(first)), first])
        return found

    def rarity(self, first: Ints, day: int, level: Level, farther: Floats) -> Floats:
        """How rare the count of the days from `first` to `day` is, all taken as one that
        wanders `farther` than independent days do: of few trials
        and a share near its end the tail is longer than a normal one."""
        rows = np.arange(len(first))
        trials = np.maximum(self.trials[:, day + 1] - self.trials[rows, first], 1)
        excess = self.excess[:, day + 1] - self.excess[rows, first]
        days = np.maximum(day + 1 - first, 1)
        found = tails.moments(replace(level, spread=level.spread * farther / days), trials)
        rare: Floats = tails.two_sided(found.mean + excess, found)
        return rare


def no_sums(series: int, days: int) -> Sums:
    shape = (series, days + 1)
    pull, tells, excess, trials = (np.zeros(shape) for _ in range(4))
    return Sums(pull, tells, excess, trials, np.zeros(series, dtype=np.int64))


def is_material(level: Level, other: Floats, *, lasts: bool) -> Bools:
    """Whether a ratio is so far from the level that somebody has something to do."""
    mu = level.ratio
    apart = np.abs(other - mu)
    least_angle = LEVEL_ANGLE if lasts else DAY_ANGLE
    angle = 2 * np.abs(_angle(other) - _angle(mu))
    least = np.where((other > mu) == (mu > 0.5), TOWARDS_END, 1.0) * least_angle
    part = (LEVEL_PART if lasts else DAY_PART) * mu
    of_share = (angle >= least) | ((apart >= np.maximum(part, POINT)) & (mu < 0.5))
    of_rate = apart >= (LEVEL_RATE if lasts else DAY_RATE) * mu
    return np.where(level.is_rate, of_rate, of_share)


def _angle(share: Floats) -> Floats:
    angle: Floats = np.arcsin(np.sqrt(np.clip(share, 0, 1)))
    return angle


def step(rising: Floats, falling: Floats, score: Floats, hang: Floats) -> tuple[Floats, Floats]:
    """Both sides of a CUSUM after a day's normal score. Where days hang together a level is off for
    a week by itself: `hang` says how much farther it wanders, and each day counts for less."""
    counts = score / np.sqrt(hang)
    return (
        np.maximum(rising + counts - ALLOWANCE, 0),
        np.maximum(falling - counts - ALLOWANCE, 0),
    )


def onset(sums: Sums, rows: Ints, way: Floats, day: int) -> Ints:
    """The likeliest first day of a shift that was found on `day`, of each series in `rows`: the one
    from which on a single other level, that `way` of the baseline, explains most."""
    first = max(day - FARTHEST_ONSET + 1, 0)
    pull = sums.pull[rows, day + 1, None] - sums.pull[rows, first : day + 1]
    tells = sums.tells[rows, day + 1, None] - sums.tells[rows, first : day + 1]
    explained = np.divide(pull**2, tells, out=np.zeros_like(pull), where=tells > 0)
    columns = np.arange(first, day + 1)
    explained[pull * way[:, None] < 0] = -1
    explained[columns[None, :] < sums.since[rows, None]] = -1
    # Of equals the latest: days without counts explain nothing
    best: Ints = columns[::-1][np.argmax(explained[:, ::-1], axis=1)]
    return best
