"""Which windows a run lands: all of history the first time, a day and its restatement after."""

from __future__ import annotations

from datetime import date, timedelta

from trueup.sources.contract import Stream
from trueup.window import Window, runs


def windows(stream: Stream, *, day: date, history_start: date, covered: set[date]) -> list[Window]:
    """The windows to fetch so that `day` and all before it are landed and restated, oldest first.

    `covered` are the days already landed. A day never landed is fetched whatever its age, so a
    missed run catches up by itself; the `restate_days` before `day` are fetched again. History
    starts `lead_days` early, and never before what the vendor still has: its `retention_days`
    count back from the newest day landed, so that a backfill does not ask for what is gone.
    """
    if stream.kind == "snapshot":
        return [Window(day, day + timedelta(days=1))]
    first = history_start - timedelta(days=stream.lead_days)
    if stream.retention_days is not None:
        newest = max(covered | {day})
        first = max(first, newest - timedelta(days=stream.retention_days - 1))
    if day < first:
        return []
    restated = set(
        Window(max(first, day - timedelta(days=stream.restate_days)), day + timedelta(1)).days()
    )
    missing = set(Window(first, day + timedelta(days=1)).days()) - covered
    return [part for run in runs(restated | missing) for part in run.split(stream.chunk_days)]
