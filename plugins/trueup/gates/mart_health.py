"""What the mart's asset event says of the mart, and how a DAG that reads it asks for a healthy one.

It needs no Airflow: an event is anything with `extra`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from trueup.errors import UnfitData
from trueup.gates.findings import Verdict

#: More are counted and not named.
MOST_NAMED = 5


class Event(Protocol):
    """An asset event, as Airflow gives it to a task with the asset as its inlet."""

    extra: Mapping[str, Any]


def of(verdict: Verdict, released_by: str) -> dict[str, Any]:
    """The verdict, who released it in spite of a hold, and what is open, by the names of its
    causes: no counts of rows, no money, no values."""
    return {
        "outcome": verdict.outcome,
        "build_id": verdict.build_id,
        "released_by": released_by,
        "open": [finding.cause for finding in verdict.failed],
    }


def require_healthy(events: Sequence[Event], *, tolerate: Iterable[str] = ()) -> None:
    """Raises UnfitData unless the newest of the mart's asset `events` passed. What is open and has
    one of the texts of `tolerate` in its cause is no matter, a hold that was released always is."""
    extra = events[-1].extra if events else {}
    if "outcome" not in extra:
        raise UnfitData("no DAG has published the mart yet", next_step="run `build_mart` first")
    tolerated = tuple(tolerate)
    open_causes = [cause for cause in extra["open"] if not any(text in cause for text in tolerated)]
    if open_causes or extra["outcome"] not in ("pass", "warn"):
        more = [f"and {len(open_causes) - MOST_NAMED} more"] if open_causes[MOST_NAMED:] else []
        raise UnfitData(
            f"the mart of build {extra['build_id']} is not healthy",
            expected="the verdict pass",
            got=f"{extra['outcome']}: {'; '.join([*open_causes[:MOST_NAMED], *more])}",
            next_step="`trueup status` says what is open; `tolerate` what does not matter here",
        )
