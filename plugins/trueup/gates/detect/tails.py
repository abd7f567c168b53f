"""How rare a day's count is: the tails of beta-binomial and negative binomial counts.

Both are taken as a shifted gamma (Pearson III) of the same mean, variance and skewness, in Wilson
and Hilferty's form: a few operations per series, whatever the count. tests/unit/test_detect_tails
holds it against the exact sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from trueup.gates.detect.panel import Bools, Floats

#: Below it a distribution is as good as normal, and Wilson and Hilferty's form would divide by 0.
LEAST_SKEW = 1e-4
#: A normal score says no more than this: beyond, one day would decide what a week should.
WIDEST_SCORE = 5.0


@dataclass(frozen=True)
class Level:
    """What is expected of each series: its ratio and how it varies. Arrays of one length.

    `spread` is the intra-day correlation rho of a share, or the squared relative deviation of a
    rate from day to day. `counting` scales the Poisson part of a rate: below 1 where numerator and
    denominator are nearly the same events. `doubt` is the variance of `ratio` as estimated.
    """

    ratio: Floats
    spread: Floats
    counting: Floats
    doubt: Floats
    is_rate: Bools


@dataclass(frozen=True)
class Moments:
    mean: Floats
    deviation: Floats
    skew: Floats


def variance(level: Level, trials: Floats, ratio: Floats | None = None) -> Floats:
    """The variance of a day's numerator, at the level's ratio or at another, its doubt left out."""
    mu = level.ratio if ratio is None else ratio
    mean = trials * mu
    of_share = mean * (1 - mu) * (1 + (trials - 1) * level.spread)
    of_rate = mean * level.counting + level.spread * mean**2
    return np.maximum(np.where(level.is_rate, of_rate, of_share), 1e-9)


def moments(level: Level, trials: Floats) -> Moments:
    """Mean, deviation and skewness of the numerator of a day, the level's doubt included."""
    mu, mean = level.ratio, trials * level.ratio
    unit = np.where(level.is_rate, mu**2, mu * (1 - mu))
    spread = np.minimum(level.spread + level.doubt / np.maximum(unit, 1e-12), 0.99)
    widened = Level(mu, spread, level.counting, level.doubt, level.is_rate)
    deviation = np.sqrt(variance(widened, trials))
    weight = (1 - spread) / np.maximum(spread, 1e-9)
    of_share = (
        (weight + 2 * trials) / (weight + 2) * (1 - 2 * mu)
        * np.sqrt((1 + weight) / np.maximum(mean * (1 - mu) * (trials + weight), 1e-12))
    )  # fmt: skip
    phi = level.counting
    # Of Poisson counts the third moment is the mean; of a share's, the farther from it the less
    third = (2 * phi - 1) * (phi * mean + 3 * phi * spread * mean**2 + 2 * spread**2 * mean**3)
    skew = np.where(level.is_rate, third / deviation**3, of_share)
    return Moments(mean, deviation, np.clip(skew, -4, 4))


def normal_score(hits: Floats, found: Moments) -> Floats:
    """The standard normal value as likely to be undercut as `hits` is."""
    skew = np.where(np.abs(found.skew) < LEAST_SKEW, LEAST_SKEW, found.skew)
    standardised = (hits - found.mean) / found.deviation
    # Beyond the end of the gamma there is nothing: the cube root stops at 0
    root = np.cbrt(np.maximum(1 + skew * standardised / 2, 0))
    score: Floats = 6 / skew * (root - 1 + skew**2 / 36)
    return score


def two_sided(hits: Floats, found: Moments) -> Floats:
    """The chance of a count as far out as `hits` or farther, on its side, doubled."""
    below = ndtr(normal_score(hits + 0.5, found))
    above = ndtr(-normal_score(hits - 0.5, found))
    p_value: Floats = np.minimum(1.0, 2 * np.minimum(below, above))
    return p_value


def score(hits: Floats, found: Moments) -> Floats:
    """The normal score of a day, as CUSUMs add them up: none outweighs a week."""
    clipped: Floats = np.clip(normal_score(hits, found), -WIDEST_SCORE, WIDEST_SCORE)
    return clipped


def limits(found: Moments, alpha: float | Floats) -> tuple[Floats, Floats]:
    """The counts between which a day is not rarer than `alpha`, two-sided."""
    skew = np.where(np.abs(found.skew) < LEAST_SKEW, LEAST_SKEW, found.skew)
    ends = []
    for sign in (-1, 1):
        quantile = -sign * ndtri(np.asarray(alpha) / 2)
        bent = np.maximum(1 + skew * quantile / 6 - skew**2 / 36, 0)
        ends.append(found.mean + found.deviation * 2 / skew * (bent**3 - 1))
    return ends[0], ends[1]
