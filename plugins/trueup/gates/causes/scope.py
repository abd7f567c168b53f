"""Where a cause acts: the narrowest segment that explains what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from trueup.gates.causes.evidence import Episode, Reading
from trueup.gates.causes.match import Explanation

EVERYWHERE = "all"
#: Outside of the segment less than this share of its own loss is lost.
OUTSIDE = 0.3
#: A segment with more than this share of everything is not narrower than everything.
MOST = 0.95
#: More segments than this are everywhere.
NAMED = 2


def narrowest(explanation: Explanation, day: date) -> str:
    """The segment of the key signal that the cause keeps to, such as `browser=safari`, or `all`."""
    keys = [x for x in explanation.keys if x.is_open(day)] or list(explanation.keys)
    whole = next((x for x in keys if x.is_whole), None)
    by_dimension: dict[str, list[Episode]] = {}
    for x in keys:
        if not x.is_whole and x.signal == keys[0].signal:
            by_dimension.setdefault(x.dimension, []).append(x)
    fitting = [
        (len(segments), -_distance(segments), dimension, segments)
        for dimension, segments in by_dimension.items()
        if len(segments) <= NAMED and (not whole or _keeps_to(segments, whole))
    ]
    if not fitting:
        return EVERYWHERE
    *_, dimension, segments = min(fitting, key=lambda found: found[:3])
    return f"{dimension}={', '.join(sorted(x.segment for x in segments))}"


def _distance(segments: Sequence[Episode]) -> float:
    return max(abs(1 - x.effect) for x in segments)


def _keeps_to(segments: Sequence[Episode], whole: Episode) -> bool:
    """Whether next to nothing is lost outside of the segments, on days that both were judged."""
    days = {x.day: x for x in whole.readings}
    inside = [x for segment in segments for x in segment.readings if x.day in days]
    shared = {x.day for x in inside}
    all_seen, all_due = _counts([days[day] for day in shared])
    seen, due = _counts(inside)
    if not due or not all_due or due > MOST * all_due:
        return False
    lost, lost_outside = 1 - seen / due, 1 - (all_seen - seen) / (all_due - due)
    return abs(lost_outside) < OUTSIDE * abs(lost)


def _counts(readings: Sequence[Reading]) -> tuple[float, float]:
    """What was counted, and what was to be expected of so many."""
    return (
        sum(x.observed * x.denominator for x in readings),
        sum(x.expected * x.denominator for x in readings),
    )
