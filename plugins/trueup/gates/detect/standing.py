"""How every series stands before a day, as plain arrays: who keeps them need not have the days
before judged again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trueup.gates.detect.course import Course, begin
from trueup.gates.detect.panel import Ints, Panel

Arrays = dict[str, NDArray[Any]]
#: Of these the series are the second axis, not the first.
BY_KIND = ("wander.echo", "wander.pull", "wander.tells")


def begun(panel: Panel, day: int) -> Ints:
    """The series that have counts before a day: of the others there is nothing to keep."""
    found: Ints = np.flatnonzero((panel.denominator[:, :day] > 0).any(axis=1))
    return found


def taken(course: Course, rows: Ints, day: int) -> Arrays:
    """Copies of the arrays of a course before `day`, of the series in `rows` alone: what is kept
    by day is 0 from that day on, and no other axis is so long."""
    found = {}
    for name, held in _arrays(course):
        some = held[:, rows] if name in BY_KIND else held[rows]
        found[name] = some[..., : day + 1] if some.ndim > 1 else some
    return found


def restored(panel: Panel, kept: Mapping[str, NDArray[Any]], rows: Ints) -> Course:
    """The course that `kept` was taken of, for the series and days of `panel`."""
    course = begin(panel)
    for name, held in _arrays(course):
        if name in BY_KIND:
            held[:, rows] = kept[name]
        elif held.ndim == 2:
            held[rows, : kept[name].shape[1]] = kept[name]
        else:
            held[rows] = kept[name]
    return course


def _arrays(part: Any, of: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Every array of a dataclass and of those in it, by its path."""
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value):
            yield from _arrays(value, f"{of}{field.name}.")
        else:
            yield f"{of}{field.name}", value
