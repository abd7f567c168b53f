"""Shares of one whole, judged together: one chi-square per family, scaled by its overdispersion.

Each category is a series of its own; what none shows alone, such as a profile by the hour that is
turned by one, the family shows. The category that is farthest off then stands for it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc

from trueup.gates.detect.panel import Bools, Floats, Ints
from trueup.gates.detect.tails import Level, variance

#: Categories of which fewer are expected are left out: their squares are not chi-square.
LEAST_EXPECTED = 5.0


def joint_p(level: Level, hits: Floats, trials: Floats, family: Ints, counts: Bools) -> Floats:
    """Each family's p-value on the rows of its categories, NaN elsewhere. `counts` says which rows
    are categories with counts."""
    p_value = np.full(len(hits), np.nan)
    used = counts & (trials * level.ratio >= LEAST_EXPECTED) & (level.ratio < 1)
    if not used.any():
        return p_value
    # Squares over the variance of a category alone, 1 - share smaller, add up to chi-square
    square = np.zeros(len(hits))
    distance = (hits - trials * level.ratio) ** 2 / variance(level, trials)
    square[used] = (distance * (1 - level.ratio))[used]
    size = int(family.max()) + 1
    total = np.bincount(family[used], square[used], size)
    freedom = np.bincount(family[used], minlength=size) - 1
    chance = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1), total), np.nan)
    p_value[used] = chance[family[used]]
    return p_value


def stands(family: Ints, rows: Bools, distance: Floats) -> Bools:
    """Of each family with some of `rows`, the one that is farthest off and stands for it."""
    found = np.zeros(len(rows), dtype=bool)
    for code in np.unique(family[rows]):
        members = np.flatnonzero(rows & (family == code))
        found[members[np.argmax(distance[members])]] = True
    return found
