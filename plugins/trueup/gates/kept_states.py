"""How the signals' series stood before some earlier days, kept in the build file: a gate judges
the days from the newest of them on, and what was said of those before stands.

A state is taken up where everything it follows from is the same: the code that judges, the series,
their counts before its day and the levels that a person accepted. All of it is in one hash.
Whatever has changed since, the days are judged from the last state that still holds, or from the
first day; no state is ever corrected.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import scipy

from trueup.gates import detect
from trueup.gates.detect import standing
from trueup.gates.detect.course import Course
from trueup.gates.detect.panel import Panel
from trueup.gates.detect.standing import Arrays

#: Days between two states, and how many are kept: so far back, half a year, vendors restate their
#: counts. What changes before is rare, and has all days judged again.
EVERY, KEPT = 28, 6


@dataclass(frozen=True)
class Judged:
    """What is judged: counts, and for each of their series a line that says all else of it."""

    panel: Panel
    lines: Sequence[str]

    def digest(self, day: int) -> str:
        """A hash of everything that the state before a day follows from."""
        panel, rows = self.panel, standing.begun(self.panel, day)
        found = hashlib.sha256(_code().encode())
        found.update(f"{day} {panel.first_weekday}\n".encode())
        found.update("\n".join(self.lines[row] for row in rows).encode())
        for whole in (panel.numerator, panel.denominator, panel.is_mature, panel.is_rebased):
            found.update(np.ascontiguousarray(whole[rows, :day]).tobytes())
        return found.hexdigest()


@dataclass
class Notebook:
    """The states to keep, noted as the days are judged: by column, those of `days`."""

    judged: Judged
    days: Sequence[int]
    states: dict[int, Arrays] = field(default_factory=dict)

    def note(self, day: int, course: Course) -> None:
        if day in self.days:
            self.states[day] = standing.taken(course, standing.begun(self.judged.panel, day), day)


def notebook(judged: Judged) -> Notebook:
    return Notebook(judged, range(EVERY, judged.panel.numerator.shape[1], EVERY)[-KEPT:])


def newest(con: duckdb.DuckDBPyConnection, judged: Judged) -> tuple[int, Course] | None:
    """The newest state that holds: its column, and how every series stood before it."""
    kept = con.execute("select day, digest from trueup.signal_states order by day desc").fetchall()
    for day, digest in kept:
        if digest == judged.digest(day):
            arrays = _read(con, day)
            return day, standing.restored(judged.panel, arrays, standing.begun(judged.panel, day))
    return None


def keep(con: duckdb.DuckDBPyConnection, noted: Notebook, first: int) -> None:
    """Put the states noted in place of those after column `first`, from which days were judged,
    and of those too old to be needed."""
    oldest = min(noted.days, default=0)
    con.execute(f"delete from trueup.signal_states where day > {first} or day < {oldest}")
    for day, arrays in noted.states.items():
        if day > first:
            content = io.BytesIO()
            np.savez(content, allow_pickle=False, **arrays)
            con.execute(
                "insert into trueup.signal_states values (?, ?, ?)",
                [day, noted.judged.digest(day), content.getvalue()],
            )


def _read(con: duckdb.DuckDBPyConnection, day: int) -> Arrays:
    found = con.execute(f"select state from trueup.signal_states where day = {day}").fetchall()
    with np.load(io.BytesIO(found[0][0]), allow_pickle=False) as arrays:
        return dict(arrays)


@cache
def _code() -> str:
    """A hash of what judges: other code, or other libraries, may say something else."""
    found = hashlib.sha256(f"{np.__version__} {scipy.__version__}".encode())
    for path in sorted(Path(detect.__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()
