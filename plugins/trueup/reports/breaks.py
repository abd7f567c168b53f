"""The detectors on any two columns: a ratio by day, of a file or of a table of the published mart.

There need be no second system to compare with: what the ratio was is what is expected of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from trueup.alerts.receivers.message import inert
from trueup.gates.detect.judging import judge
from trueup.gates.detect.panel import Bools, Scores, panel
from trueup.reports import watched
from trueup.reports.watched import Columns, Watched

Worse = Literal["fall", "rise", "either"]
SIDES: dict[Worse, int] = {"fall": -1, "rise": 1, "either": 0}
#: Of days, those that may exceed the whole, and how many anyhow, before numerator and denominator
#: are no part and whole: a day that was counted twice makes no rate of a share.
OVER_WHOLE, LEAST_OVER = 0.05, 2
#: A day of fewer says next to nothing.
FEW_A_DAY = 2
#: So many of a kind are named, the others counted.
NAMED = 3
#: So many days without a denominator at the end are reported: a break may hide behind them.
LEAST_SILENT = 2


@dataclass(frozen=True)
class Break:
    """A time in which a series was at another level; `until` is None while it lasts. What few days
    could not tell `is_usual` from then on: the level did not come back, but is expected."""

    segment: str
    found: date
    since: date
    level_before: float
    level_after: float
    until: date | None
    is_usual: bool = False

    @property
    def line(self) -> str:
        over = "taken for the usual level from" if self.is_usual else "over on"
        state = f"{over} {self.until}" if self.until else "open"
        place = f"{inert(self.segment, keep='')}: " if self.segment else ""
        return (
            f"{place}{self.level_before:.3f} -> {self.level_after:.3f} since {self.since},"
            f" found {self.found}, {state}"
        )


def watch(table: str, columns: Columns, worse: Worse = "either") -> str:
    """Every break of the ratio, as text: day found, since when, level before and after, state.
    Where it is worse one way only, a change the other way is none.
    """
    counts = watched.read(table, columns)
    series, days = counts.trials.shape
    scores = judge(panel(
        counts.hits, counts.trials, is_rate=_is_rate(counts),
        first_weekday=counts.first.weekday(), family=np.zeros(series, dtype=np.int64),
        worse=SIDES[worse],
    ))  # fmt: skip
    found = [one for row in range(series) for one in _breaks(counts, row, scores)]
    head = (
        f"{series} series, {days} days from {counts.first}:"
        f" {len(found)} break{'' if len(found) == 1 else 's'}"
    )
    lines = [one.line for one in sorted(found, key=lambda x: x.found)]
    return "\n".join([head, *counts.notes, *_notes(counts, scores), *lines])


def _is_rate(counts: Watched) -> Bools:
    over = (counts.hits > counts.trials).sum(axis=1)
    found: Bools = over > np.maximum(OVER_WHOLE * (counts.trials > 0).sum(axis=1), LEAST_OVER)
    return found


def _notes(counts: Watched, scores: Scores) -> Iterator[str]:
    """What the series themselves leave unsaid."""
    unsure = int((scores.baseline_days.max(axis=1) < 14).sum())
    if unsure:
        yield f"{unsure} series are too short to be judged well"
    few = [
        inert(segment, keep="") or "all rows"
        for segment, row in zip(counts.segments, counts.trials, strict=True)
        if row.any() and float(np.median(row[row > 0])) < FEW_A_DAY
    ]
    if few:
        more = f" and {len(few) - NAMED} more" if len(few) > NAMED else ""
        yield (
            f"{', '.join(few[:NAMED])}{more}: the denominator is below {FEW_A_DAY:g} on most days;"
            " give counts, such as orders seen and all orders, and no ratio that is divided already"
        )
    for segment, trials in zip(counts.segments, counts.trials, strict=True):
        since = int(np.flatnonzero(trials)[-1]) + 1 if trials.any() else 0
        if len(trials) - since >= LEAST_SILENT:
            place = f"{inert(segment, keep='')}: " if segment else ""
            day = counts.first + timedelta(days=since)
            yield f"{place}not judged since {day}: there is no denominator, or it is 0"


def _breaks(counts: Watched, row: int, scores: Scores) -> Iterator[Break]:
    first, hits, trials = counts.first, counts.hits[row], counts.trials[row]
    judged = np.flatnonzero(scores.state[row] > 0)
    is_open = scores.is_breach[row][judged]
    starts = judged[np.flatnonzero(is_open & ~np.concatenate([[False], is_open[:-1]]))]
    for start in starts:
        after = judged[(judged > start) & ~scores.is_breach[row][judged]]
        end = int(after[0]) if len(after) else None
        last = int(judged[judged < end][-1]) if end else int(judged[-1])
        onset = int(scores.since[row, last])
        whole = slice(onset, last + 1)
        before = float(scores.expected[row, start])
        after_it = float(hits[whole].sum() / trials[whole].sum())
        expected = scores.expected[row, end] if end else np.nan
        yield Break(
            counts.segments[row],
            first + timedelta(days=int(start)),
            first + timedelta(days=onset),
            before,
            after_it,
            first + timedelta(days=end) if end else None,
            is_usual=bool(abs(expected - after_it) < abs(expected - before)),
        )
