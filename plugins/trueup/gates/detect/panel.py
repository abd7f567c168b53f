"""What is judged and what comes of it: arrays of series by day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class State(IntEnum):
    """How a series stands after a day, the best first; `NONE` where the day has no counts."""

    NONE = 0
    LEARNING = 1
    NORMAL = 2
    SUSPICIOUS = 3
    BREACH = 4


@dataclass(frozen=True)
class Panel:
    """Counts of every series and day. A row is a series, a column a day; days follow each other.

    `numerator` and `denominator` count; a day without counts has denominator 0. `is_rate` says of
    each series that its numerator may exceed the denominator, `is_mix` that its family's series
    are the parts of one whole. `family` numbers the series' families: segments of one signal.
    `is_mature` is false where a day's counts may still grow, `is_rebased` true on the days from
    which a person accepted the level. `worse` is the way a series is out of order: -1 where it
    falls, 1 where it rises, 0 where either. `growth` is how many times as much what is counted of a
    day may become until the day is mature. `first_weekday` is of the first column, Monday 0.
    """

    numerator: Floats
    denominator: Floats
    is_rate: Bools
    is_mix: Bools
    family: Ints
    is_mature: Bools
    is_rebased: Bools
    worse: Ints
    growth: Floats
    first_weekday: int = 0


def panel(
    numerator: Floats,
    denominator: Floats,
    *,
    is_rate: Bools | bool = False,
    is_mix: Bools | bool = False,
    family: Ints | None = None,
    is_mature: Bools | None = None,
    is_rebased: Bools | None = None,
    worse: Ints | int = 0,
    growth: Floats | float = 1.0,
    first_weekday: int = 0,
) -> Panel:
    """A panel of [series, day] counts, everything else as it mostly is."""
    hits, trials = np.atleast_2d(numerator).astype(float), np.atleast_2d(denominator).astype(float)
    count = len(hits)
    return Panel(
        hits,
        trials,
        np.broadcast_to(np.asarray(is_rate, dtype=bool), count),
        np.broadcast_to(np.asarray(is_mix, dtype=bool), count),
        np.arange(count) if family is None else family,
        np.ones(hits.shape, dtype=bool) if is_mature is None else is_mature,
        np.zeros(hits.shape, dtype=bool) if is_rebased is None else is_rebased,
        np.broadcast_to(np.asarray(worse, dtype=np.int64), count),
        np.broadcast_to(np.asarray(growth, dtype=float), count),
        first_weekday,
    )


@dataclass(frozen=True)
class Scores:
    """What came of each series and day, as arrays of [series, day]; NaN where nothing is said.

    `expected`, `low` and `high` are the ratio foreseen and the ratios between which a day is
    unremarkable; `p_value` is how rare the day is by itself, on either side or, where only one way
    is worse, on its own. `since` is the column in
    which an open breach began, or -1; `effect` its level since then over the one expected.
    `is_over_whole` marks days whose numerator exceeded a denominator it should be part of.
    """

    expected: Floats
    low: Floats
    high: Floats
    baseline_days: Ints
    p_value: Floats
    state: Ints
    direction: Ints
    since: Ints
    effect: Floats
    is_over_whole: Bools

    @property
    def is_breach(self) -> Bools:
        found: Bools = self.state == State.BREACH
        return found


def no_scores(shape: tuple[int, ...]) -> Scores:
    """Scores of nothing yet, to be filled day by day."""

    def unknown() -> Floats:
        return np.full(shape, np.nan)

    def number(value: int) -> Ints:
        return np.full(shape, value, dtype=np.int64)

    return Scores(
        unknown(), unknown(), unknown(), number(0), unknown(), number(State.NONE), number(0),
        number(-1), unknown(), np.zeros(shape, dtype=bool),
    )  # fmt: skip
