"""What a value of an event is beside the order's: fingerprints of constants.

Values that were right until yesterday and are all the same multiple today were not mismeasured but
changed: cents for units, gross for net, another currency. The median ratio of a day's matched
events names the constant; what share of them it explains says whether that is the cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: Constants known by themselves.
SCALES = {"x 100": 100.0, "/ 100": 0.01, "x 1000": 1000.0, "/ 1000": 0.001}
#: Rates of value added tax that are charged somewhere in Europe, in percent.
TAXES = (5, 5.5, 6, 7, 7.7, 8, 8.1, 9, 10, 12, 13, 13.5, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24,
         25, 25.5, 27)  # fmt: skip
#: How near a ratio must be to a constant, relative: rounding to the cent, and no more.
NEAR = 0.003
#: Of the events, at least so many must be at the constant, and there must be so many.
EXPLAINS, LEAST_EVENTS = 0.6, 5


@dataclass(frozen=True)
class Fingerprint:
    """A constant that explains the ratios: its name, its value, and the share of events at it."""

    name: str
    factor: float
    share: float
    events: int


def named(ratios: Sequence[float], rates: Mapping[str, float] | None = None) -> Fingerprint | None:
    """The constant by which events' values differ from their orders', or None.

    `ratios` are value of the event / value of the order, of the matched events of a few days;
    `rates` are exchange rates that may have been mistaken for one another, by name, such as
    {"USD for EUR": 1.08}. Ratios at 1 are right and are no finding; so are those no constant
    explains: a mixture of baskets with and without shipping, say.
    """
    values = np.asarray([ratio for ratio in ratios if np.isfinite(ratio) and ratio > 0], float)
    if len(values) < LEAST_EVENTS or _share(values, 1.0) >= EXPLAINS:
        return None
    found = [
        Fingerprint(name, factor, _share(values, factor), len(values))
        for name, factor in _constants(rates or {}).items()
    ]
    # Of constants that are near each other, the one in the middle of what was seen
    middle = float(np.median(values))
    best = max(found, key=lambda one: (one.share, -abs(np.log(middle / one.factor))))
    return best if best.share >= EXPLAINS else None


def _constants(rates: Mapping[str, float]) -> dict[str, float]:
    found = dict(SCALES)
    for name, rate in rates.items():
        found[name] = rate
        found[f"{name}, the other way"] = 1 / rate
    for tax in TAXES:
        found[f"{tax:g} % tax included"] = 1 + tax / 100
        found[f"{tax:g} % tax left out"] = 1 / (1 + tax / 100)
    return found


def _share(values: np.ndarray, factor: float) -> float:
    return float((np.abs(values / factor - 1) <= NEAR).mean())
