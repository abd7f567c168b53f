"""Order by order: did the other system see this one? A Bernoulli CUSUM over orders as they mature.

Where ids join, a dead tag need not wait for the day to be over: each order that was not seen counts
against the share that usually is. What is added up is the logarithm of how much likelier the
sequence is under a loss than under the usual share.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log

#: Height at which it speaks: one false alarm in some 145,000 orders at a capture of .92.
HEIGHT = 11.5
#: The loss it looks for: half of what is usually seen.
LOST = 0.5
#: A share of one would make a single miss impossible, and one of none a single hit.
CLOSEST = 0.002


def run(seen: Iterable[bool], usual: float, height: float = HEIGHT) -> int | None:
    """The index of the order at which a loss is beyond doubt, or None.

    `seen` says of matured orders, oldest first, whether the other system has them; `usual` is the
    share that it has when all is well.
    """
    return run_groups(((int(one), 1) for one in seen), usual, height)


def run_groups(
    groups: Iterable[tuple[int, int]], usual: float, height: float = HEIGHT
) -> int | None:
    """The same over groups of orders, such as days: (seen, orders) each; the index of a group."""
    share = min(max(usual, CLOSEST), 1 - CLOSEST)
    hit, miss = log(LOST), log((1 - LOST * share) / (1 - share))
    evidence = 0.0
    for index, (seen, orders) in enumerate(groups):
        evidence = max(0.0, evidence + seen * hit + (orders - seen) * miss)
        if evidence >= height:
            return index
    return None
