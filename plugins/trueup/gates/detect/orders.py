"""Order by order: did the other system see this one? A Bernoulli CUSUM over orders as they mature.

Where a day has few orders, no single day can tell that a tag is dead; each order that was not seen
counts against the share that usually is. What is added up is the logarithm of how much likelier the
orders are under a loss than under the usual share (Page 1954; Reynolds and Stoumbos 1999).
"""

from __future__ import annotations

import numpy as np

from trueup.gates.detect.budget import DAYS_PER_YEAR
from trueup.gates.detect.panel import Bools, Floats

#: The loss it looks for: half of what is usually seen.
LOST = 0.5
#: Of more orders than these the day itself tells, and what it wanders by would be taken for a loss.
FEW_ORDERS = 30.0
#: A share of one would make a single miss impossible, and one of none a single hit.
CLOSEST = 0.002


def height(a_day: Floats, yearly: float) -> Floats:
    """The evidence at which it speaks, of series of so many orders `a_day`, each of which may be
    wrong `yearly` times: by chance one order in exp(height) begins what gets there (Lorden 1971).
    """
    found: Floats = np.log(np.maximum(a_day, 1.0) * DAYS_PER_YEAR / yearly)
    return found


def step(evidence: Floats, usual: Floats, hits: Floats, trials: Floats, rows: Bools) -> Floats:
    """The evidence of a loss after a day's orders, `hits` of which were seen, where `usual` is the
    share that is seen when all is well; series not in `rows` keep theirs."""
    share = np.clip(usual, CLOSEST, 1 - CLOSEST)
    hit, miss = np.log(LOST), np.log((1 - LOST * share) / (1 - share))
    after = np.maximum(evidence + hits * hit + (trials - hits) * miss, 0.0)
    return np.where(rows, np.where(trials <= FEW_ORDERS, after, 0.0), evidence)
