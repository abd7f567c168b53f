"""Whether a break still lasts: each day speaks for the baseline or for the level since the onset.

A break is over when two clean days in a row, or as many as the evidence needs, say that the level
is back. Days that lie nearer to a third level say that the break has changed, not that it is over.
"""

from __future__ import annotations

import numpy as np

from trueup.gates.detect.panel import Floats
from trueup.gates.detect.tails import Level, variance

#: Likelihood ratio, as its logarithm, by which days must speak for the baseline: 150 to 1.
ENOUGH = 5.0
#: What one day can say at most: two are enough where days hang together, and one never is.
MOST_OF_A_DAY = 5.0
LEAST_CLEAN_DAYS = 2


def speaks_for_baseline(level: Level, shift: Floats, hits: Floats, trials: Floats) -> Floats:
    """The logarithm of how much likelier a day is at the level than `shift` away from it."""
    top = np.where(level.is_rate, np.inf, 0.995)
    broken = np.clip(level.ratio + shift, np.minimum(0.005, level.ratio / 2), top)
    says = _likelihood(level, level.ratio, hits, trials) - _likelihood(level, broken, hits, trials)
    clipped: Floats = np.clip(says, -MOST_OF_A_DAY, MOST_OF_A_DAY)
    return np.where(trials > 0, clipped, 0.0)


def _likelihood(level: Level, ratio: Floats, hits: Floats, trials: Floats) -> Floats:
    noise = variance(level, trials, ratio)
    found: Floats = -0.5 * ((hits - trials * ratio) ** 2 / noise + np.log(noise))
    return found
