"""What is expected of each series: a slow, robust baseline of clean days, by weekday.

The baseline holds the newest ten clean days of each weekday, and takes a day only once it is two
weeks old: a loss that creeps in is not learned before it is found, and a day that was suspicious or
in an open breach never enters. Young series lag by half their age instead. What few days cannot
tell, a prior does, and widely.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from trueup.gates.detect.panel import Bools, Floats, Ints
from trueup.gates.detect.tails import Level, variance

WEEKDAYS, WEEKS = 7, 10
#: Days by which the baseline lags behind the day it judges.
GUARD = 14
#: Fewer days say nothing at all, nothing of their spread, hardly anything of a level, and little.
LEAST_DAYS, ENOUGH_DAYS, NEW_DAYS, TRUSTED_DAYS = 3, 7, 21, 28
#: Day-to-day spread before there are days to tell: rho of a share, squared deviation of a rate.
PRIOR_SHARE, PRIOR_RATE = 0.006, 0.01
#: How unsure the prior is, as a standard deviation; and how much of what remains unsure is added.
UNSURE_SHARE, UNSURE_RATE = 0.0025, 0.0065
CAUTION = 0.5
#: A quiet baseline is luck, not precision.
LEAST_SHARE, LEAST_RATE = 5e-4, 5e-4
#: Expected events of a day below which none is an outlier.
FEW_EVENTS = 3.0
#: Standardised residuals count no further than this.
ROBUST = 2.5
#: What a level wanders while the baseline lags, as part of the spread a single trial has.
WANDER_SHARE, WANDER_RATE = 0.0014, 0.0025
#: Days that hang together tell less than as many that do not.
ALIKE = 0.6
#: Of the days of a share, those that may exceed the whole by somebody's mistake.
OVER_WHOLE = 0.05
#: Chi-square of seven weekdays that their differences must exceed to count at all (p = .05).
WEEKDAY_CHANCE = 12.6


@dataclass(frozen=True)
class Days:
    """The clean days of each series: counts as [series, weekday, week], filled in turn."""

    numerator: Floats
    denominator: Floats
    turn: Ints

    @property
    def trials_a_day(self) -> Floats:
        """What each series' days hold on average, nothing where it has none."""
        days = (self.denominator > 0).sum(axis=(1, 2))
        mean: Floats = self.denominator.sum(axis=(1, 2)) / np.maximum(days, 1)
        return mean

    def take(self, rows: Ints, weekday: int, hits: Floats, trials: Floats) -> None:
        """One clean day of the series in `rows`."""
        place = self.turn[rows, weekday] % WEEKS
        self.numerator[rows, weekday, place] = hits
        self.denominator[rows, weekday, place] = trials
        self.turn[rows, weekday] += 1

    def forget(self, rows: Bools) -> None:
        self.numerator[rows] = 0
        self.denominator[rows] = 0
        self.turn[rows] = 0


def no_days(series: int) -> Days:
    shape = (series, WEEKDAYS, WEEKS)
    return Days(np.zeros(shape), np.zeros(shape), np.zeros((series, WEEKDAYS), dtype=np.int64))


@dataclass(frozen=True)
class Fit:
    """Baselines as fitted: the level on each weekday ([weekday, series]), and days they rest on."""

    level: Level
    by_weekday: Floats
    doubt_by_weekday: Floats  # what a weekday's own days leave unsure beside
    day_count: Ints

    def on(self, weekday: int) -> Level:
        """The level expected on a weekday."""
        one = self.level
        doubt = one.doubt + self.doubt_by_weekday[weekday]
        return Level(self.by_weekday[weekday], one.spread, one.counting, doubt, one.is_rate)


def fit(days: Days, previous: Level, hang: Floats, declared_rate: Bools) -> Fit:
    """Ratio, spread and weekdays of every series' clean days. `previous` is the fit of the day
    before, from which this one starts; `hang` how many times as far as independent days levels
    wander. A share whose numerator keeps exceeding the whole is a rate, whatever it was declared.
    """
    hits, trials = days.numerator, days.denominator
    counted = trials > 0
    count = counted.sum(axis=(1, 2))
    is_rate = declared_rate | ((hits > trials).sum(axis=(1, 2)) > OVER_WHOLE * count)
    hits = np.where(is_rate[:, None, None], hits, np.minimum(hits, trials))
    level = _wide(replace(previous, is_rate=is_rate))
    noise = variance(level, trials)
    residual = (hits - trials * level.ratio) / np.sqrt(noise)
    trust = np.minimum(1, ROBUST / np.maximum(np.abs(residual), 1e-9))
    # Where hardly any event is of the rarer kind, every one of them would look like an outlier
    rarer = np.where(level.is_rate, level.ratio, np.minimum(level.ratio, 1 - level.ratio))
    trust = np.where(trials * rarer < FEW_EVENTS, 1.0, trust)
    # Every day counts for what it can tell: counting noise shrinks with its trials, spread does not
    heft = _heft(level, trials)
    weighed, against = (trust * heft * hits).sum(axis=2), (trust * heft * trials).sum(axis=2)
    total = np.maximum(against.sum(axis=1), 1e-9)
    scale = total / np.maximum(trials.sum(axis=(1, 2)), 1e-9)
    # Half an event more than there was: what never happened may happen
    ratio = (weighed.sum(axis=1) + 0.5 * scale) / (total + np.where(is_rate, 0, scale))
    ratio = np.where(count > 0, np.maximum(ratio, 1e-9), previous.ratio)
    mean = np.divide(weighed, against, out=np.repeat(ratio[:, None], 7, axis=1), where=against > 0)
    share, unsure = _weekday_share(mean, ratio, heft * counted, noise, trials)
    expected = ratio[:, None] + share[:, None] * (mean - ratio[:, None])
    expected = np.where(is_rate[:, None], np.maximum(expected, 1e-9), np.clip(expected, 1e-9, 1))
    freedom = np.maximum(count - 1 - 6 * share, 1)
    freedom /= np.maximum(count, 1)
    spread, counting = _spread(hits, trials, expected, level, noise, freedom)
    found = Level(ratio, spread, counting, previous.doubt, is_rate)
    heavy = np.maximum((trials * _heft(_wide(found), trials)).sum(axis=(1, 2)), 1e-9)
    unit = np.where(is_rate, ratio * counting, ratio * (1 - ratio))
    wander = np.where(is_rate, WANDER_RATE * ratio**2, WANDER_SHARE * ratio * (1 - ratio))
    doubt = unit / heavy * hang + wander
    fitted = Level(ratio, spread, counting, doubt, is_rate)
    return Fit(fitted, expected.T, unsure.T, count)


def no_level(is_rate: Bools) -> Level:
    """What is known of series before their first day."""
    full = np.full(len(is_rate), 0.5)
    prior = np.where(is_rate, PRIOR_RATE, PRIOR_SHARE)
    return Level(full, prior, np.ones(len(full)), np.zeros(len(full)), is_rate.copy())


def _wide(level: Level) -> Level:
    """The level with two more axes, for weekdays and weeks."""
    shape = (slice(None), None, None)
    return Level(
        level.ratio[shape], level.spread[shape], level.counting[shape], level.doubt[shape],
        level.is_rate[shape],
    )  # fmt: skip


def _heft(level: Level, trials: Floats) -> Floats:
    """What a trial of a day counts for, 1 where trials are all the noise there is."""
    of_share = 1 / (1 + np.maximum(trials - 1, 0) * level.spread)
    of_rate = 1 / (1 + trials * level.ratio * level.spread / level.counting)
    return np.where(level.is_rate, of_rate, of_share)


def _weekday_share(
    mean: Floats, ratio: Floats, heft: Floats, noise: Floats, trials: Floats
) -> tuple[Floats, Floats]:
    """How much of the weekdays' differences to believe, none until they are beyond chance; and the
    variance that what is believed of each leaves. `noise` is the variance of each day."""
    counted = trials > 0
    noise = (noise * heft**2).sum(axis=2)
    # All that a weekday's days tell: one that is always far off is no outlier
    tells = (heft * trials).sum(axis=2)
    square = np.divide(
        ((mean - ratio[:, None]) * tells) ** 2, noise, out=np.zeros_like(noise), where=noise > 0
    )
    chance = WEEKDAY_CHANCE / np.maximum(square.sum(axis=1), WEEKDAY_CHANCE)
    # A weekday that was seen once or twice cannot tell
    is_known = counted.sum(axis=2).min(axis=1) >= 3
    share = np.where(is_known, 1 - chance, 0.0)
    unsure = np.divide(noise, tells**2, out=np.zeros_like(noise), where=tells > 0)
    return share, share[:, None] ** 2 * unsure


def _spread(
    hits: Floats, trials: Floats, expected: Floats, level: Level, noise: Floats, freedom: Floats
) -> tuple[Floats, Floats]:
    """Day-to-day spread by moments, weighed by what each day tells and drawn towards the prior; and
    the share of Poisson noise that a rate shows."""
    is_rate, counted = level.is_rate[:, 0, 0], trials > 0
    ratio = expected[:, :, None]
    mean = trials * ratio
    unit = np.where(level.is_rate, mean, mean * (1 - ratio))
    limit = ROBUST**2 * np.maximum(noise, unit)
    square = np.minimum((hits - mean) ** 2, limit) / freedom[:, None, None]
    relative = np.divide(square, unit, out=np.zeros_like(square), where=counted & (unit > 0))
    days = counted.sum(axis=(1, 2))
    # Less than Poisson's noise by luck is common where days are few
    luck = (1 + 2 * np.sqrt(2 / (days + 1))) / np.maximum(days, 1)
    squares = relative.sum(axis=(1, 2)) * luck
    exceeds: Bools = np.any(hits > trials, axis=(1, 2))
    # A rate that never exceeds the whole is counted like a share; of others, days say how nearly
    # numerator and denominator count the same events
    counting = np.clip(np.where(exceeds, squares, 1 - level.ratio[:, 0, 0]), 0.02, 1)
    counting = np.where(is_rate & (days > 0), counting, 1.0)
    slope = np.where(level.is_rate, mean, trials - 1) * counted
    # A spread that looks small would make its own days tell more than they can
    prior = np.where(is_rate, PRIOR_RATE, PRIOR_SHARE)
    weight = 1 / (1 + slope * np.maximum(level.spread, prior[:, None, None])) ** 2
    tells = ALIKE / 2 * (weight * slope**2).sum(axis=(1, 2))
    excess = (
        ALIKE
        / 2
        * (weight * slope * (relative - counting[:, None, None]) * counted).sum(axis=(1, 2))
    )
    sure = 1 / np.where(is_rate, UNSURE_RATE, UNSURE_SHARE) ** 2
    found = (excess + sure * prior) / (tells + sure) + CAUTION / np.sqrt(tells + sure)
    least = np.where(is_rate, LEAST_RATE, LEAST_SHARE)
    # No rate is given more noise than all that was seen of it
    seen = squares / np.maximum(slope.sum(axis=(1, 2)) / np.maximum(days, 1), 1e-9)
    found = np.where(is_rate & (days >= ENOUGH_DAYS), np.minimum(found, seen), found)
    return np.clip(found, least, 0.5), counting
