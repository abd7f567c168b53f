"""Is today's ratio of two counts still the ratio it was? One test, for every tracking signal.

A day's numerator (orders GA4 saw) given its denominator (orders) is beta-binomial: counting
noise plus day-to-day noise that is estimated, not assumed. A day is a breach when the tail
beyond it is rarer than ALPHA *and* the effect is material: rarity alone alarms on every small
shift once counts are large. Breached days never enter a baseline, or the test learns the break.
Method: overdispersion by moments on a trailing baseline, as in Kleinman (1973).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

ALPHA = 1e-4
#: Relative change of the ratio below which a person has nothing to do.
MATERIALITY = 0.05
BASELINE_DAYS = 56
MINIMUM_BASELINE_DAYS = 14
#: Older days are not judged again; it bounds the cost of a day.
JUDGED_DAYS = 120
#: Shares that were judged before there were others.
JUDGED = ("event_capture", "session_source_differs", "default_channel_differs")
#: Least day-to-day correlation assumed; a quiet baseline is luck, not precision.
MINIMUM_RHO = 5e-4


#: A day, the numerator and the denominator of its ratio.
Day = tuple[date, int, int]


class Score(NamedTuple):
    """A day's ratio, the ratios between which it is unremarkable (null until the baseline is long
    enough), the baseline's length, how rare the day is, and whether that is a breach."""

    day: date
    observed: float
    expected_low: float | None
    expected_high: float | None
    baseline_days: int
    p_value: float | None
    is_breach: bool


def score(con: duckdb.DuckDBPyConnection) -> None:
    """Rewrite `trueup.signal_scores` from the counts in health.fct_tracking_signals."""
    groups = con.execute(
        f"""
        select signal, dimension, segment, signal_date, numerator, denominator
        from health.fct_tracking_signals
        where denominator >= numerator and denominator > 0 and signal in {JUDGED}
            and signal_date > (select max(signal_date) from health.fct_tracking_signals)
                - {JUDGED_DAYS + BASELINE_DAYS}
        order by signal, dimension, segment, signal_date
        """
    ).fetchall()
    series: dict[tuple[str, str, str], list[Day]] = {}
    for signal, dimension, segment, day, hits, trials in groups:
        series.setdefault((signal, dimension, segment), []).append((day, hits, trials))
    scores = [
        (*names, *row) for names, days in series.items() for row in judge(days)[-JUDGED_DAYS:]
    ]
    con.execute("delete from trueup.signal_scores")
    if scores:
        con.executemany(
            "insert into trueup.signal_scores (signal, dimension, segment, signal_date, observed,"
            " expected_low, expected_high, baseline_days, p_value, is_breach)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            scores,
        )


def judge(days: Sequence[Day]) -> list[Score]:
    """The score of each day, of days in date order."""
    scores: list[Score] = []
    clean: list[tuple[int, int]] = []
    for day, hits, trials in days:
        observed = hits / trials
        baseline = np.array(clean[-BASELINE_DAYS:], dtype=float).reshape(-1, 2)
        if len(baseline) < MINIMUM_BASELINE_DAYS:
            scores.append(Score(day, observed, None, None, len(baseline), None, False))
            clean.append((hits, trials))
            continue
        share, rho = _fit(baseline)
        p_value, low, high = _tail(hits, trials, share, rho)
        is_material = abs(observed / share - 1) >= MATERIALITY
        is_breach = bool(p_value < ALPHA and is_material)
        scores.append(Score(day, observed, low, high, len(baseline), p_value, is_breach))
        if not is_breach:
            clean.append((hits, trials))
    return scores


def _fit(baseline: NDArray[np.float64]) -> tuple[float, float]:
    """Mean share and intra-day correlation of (hits, trials) rows, by moments."""
    hits, trials = baseline[:, 0], baseline[:, 1]
    share = (hits.sum() + 0.5) / (trials.sum() + 1)
    excess = ((hits - trials * share) ** 2).sum() - (trials * share * (1 - share)).sum()
    scale = (trials * (trials - 1)).sum() * share * (1 - share)
    rho = excess / scale if scale > 0 else 0.0
    return float(share), float(np.clip(rho, MINIMUM_RHO, 0.5))


def _tail(hits: int, trials: int, share: float, rho: float) -> tuple[float, float, float]:
    """Two-sided p-value of `hits`, and the ratios between which a day is unremarkable."""
    weight = (1 - rho) / rho
    a, b = share * weight, (1 - share) * weight
    count = np.arange(trials + 1)
    chance = np.exp(
        gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1)
        + betaln(count + a, trials - count + b) - betaln(a, b)
    )  # fmt: skip
    below = np.cumsum(chance)
    p_value = min(1.0, 2 * min(below[hits], chance[hits:].sum()))
    low, high = np.searchsorted(below, [ALPHA / 2, 1 - ALPHA / 2])
    return float(p_value), float(low / trials), float(min(high, trials) / trials)
