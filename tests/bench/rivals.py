"""What others would have said of the same days: their rules at their defaults.

Each takes [series, day] of one metric, a count or a ratio, and says on which days it alarms. A day
is judged by the days up to it. The rules are written from the packages' own SQL.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rule = Callable[[Floats], Bools]


def z_score(metric: Floats, days: int = 28) -> Bools:
    """Three standard deviations from the mean of the last four weeks."""
    past = _windows(metric, days)[:, :-1]
    apart = np.abs(metric[:, days:] - past.mean(axis=2))
    return _alarms(metric, apart > 3 * past.std(axis=2, ddof=1))


def fixed_band(metric: Floats, low: float = 0.80, high: float = 1.05) -> Bools:
    """Outside limits that somebody once chose; of a count, half and half again of four weeks."""
    if np.nanmax(metric) <= 1.5:
        return (metric < low) | (metric > high)
    mean = _windows(metric, 28)[:, :-1].mean(axis=2)
    return _alarms(metric, np.abs(metric[:, 28:] - mean) > 0.5 * mean)


def elementary(metric: Floats, days: int = 14, least: int = 7) -> Bools:
    """Elementary's volume and column anomalies: sensitivity 3, fourteen daily buckets, and the
    judged one is among them; seven are enough."""
    found = np.zeros(metric.shape, dtype=bool)
    for day in range(least - 1, metric.shape[1]):
        training = metric[:, max(day - days + 1, 0) : day + 1]
        spread = training.std(axis=1, ddof=1)
        apart = np.abs(metric[:, day] - training.mean(axis=1))
        found[:, day] = (spread > 0) & (apart > 3 * spread)
    return found


def moving_stdevs(metric: Floats, days: int = 7) -> Bools:
    """dbt-expectations' expect_column_values_to_be_within_n_moving_stdevs: differences of
    logarithms to the day before (of 0 the logarithm is taken as 0), three deviations from the
    seven differences before."""
    logs = np.log(metric, out=np.zeros_like(metric), where=metric > 0)
    change = np.diff(logs, axis=1)
    past = _windows(change, days)[:, :-1]
    spread = past.std(axis=2, ddof=1)
    apart = np.abs(change[:, days:] - past.mean(axis=2))
    return _alarms(metric, (spread > 0) & (apart > 3 * spread))


RULES: dict[str, Rule] = {
    "z-score, 28 days": z_score,
    "fixed band": fixed_band,
    "Elementary's default": elementary,
    "dbt-expectations' moving deviations": moving_stdevs,
}


def _windows(metric: Floats, days: int) -> Floats:
    windows: Floats = sliding_window_view(metric, days, axis=1)
    return windows


def _alarms(metric: Floats, found: Bools) -> Bools:
    """As wide as the metric: the first days are never judged."""
    blank = np.zeros((len(metric), metric.shape[1] - found.shape[1]), dtype=bool)
    return np.concatenate([blank, found], axis=1)
