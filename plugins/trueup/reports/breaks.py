"""The detectors on any two columns: a ratio by day, of a file or of a table of the published mart.

There need be no second system to compare with: what the ratio was is what is expected of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from trueup.company import workspace
from trueup.errors import TrueupError
from trueup.gates.detect.judging import judge
from trueup.gates.detect.panel import Floats, Scores, panel

READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv"}
COUNTS = """
select coalesce(cast({by} as varchar), '') as segment, cast({day} as date) as day,
    coalesce(sum({hits}), 0)::double as hits, coalesce(sum({trials}), 0)::double as trials
from {table} where {day} is not null
group by 1, 2 order by 1, 2
"""
#: Of days, those that may exceed the whole before numerator and denominator are no part and whole.
OVER_WHOLE = 0.01
#: So many days without a denominator at the end are told of: a break may hide behind them.
LEAST_SILENT = 2


@dataclass(frozen=True)
class Columns:
    """What to watch: columns of a table, and the one that splits it into series, if any."""

    day: str
    numerator: str
    denominator: str
    by: str = ""


@dataclass(frozen=True)
class Break:
    """A time in which a series was at another level; `until` is None while it lasts."""

    segment: str
    found: date
    since: date
    level_before: float
    level_after: float
    until: date | None

    @property
    def line(self) -> str:
        state = f"over on {self.until}" if self.until else "open"
        place = f"{self.segment}: " if self.segment else ""
        return (
            f"{place}{self.level_before:.3f} -> {self.level_after:.3f} since {self.since},"
            f" found {self.found}, {state}"
        )


def watch(table: str, columns: Columns) -> str:
    """Every break of the ratio, as text: day found, since when, level before and after, state."""
    segments, first, hits, trials = _read(table, columns)
    is_rate = (hits > trials).sum(axis=1) > OVER_WHOLE * (trials > 0).sum(axis=1)
    scores = judge(panel(hits, trials, is_rate=is_rate, first_weekday=first.weekday(),
                         family=np.zeros(len(segments), dtype=np.int64)))  # fmt: skip
    found = [
        one
        for row, segment in enumerate(segments)
        for one in _breaks(segment, first, row, scores, hits, trials)
    ]
    days = trials.shape[1]
    head = (
        f"{len(segments)} series, {days} days from {first}:"
        f" {len(found)} break{'' if len(found) == 1 else 's'}"
    )
    unsure = int((scores.baseline_days.max(axis=1) < 14).sum())
    notes = [f"{unsure} series are too short to be judged well"] if unsure else []
    notes += [
        line for row, one in enumerate(segments) if (line := _ceased(one, first, trials[row]))
    ]
    return "\n".join([head, *notes, *(one.line for one in sorted(found, key=lambda x: x.found))])


def _ceased(segment: str, first: date, trials: Floats) -> str:
    """What to say of a series of whose newest days there is nothing to judge."""
    since = int(np.flatnonzero(trials > 0)[-1]) + 1 if (trials > 0).any() else 0
    if len(trials) - since < LEAST_SILENT:
        return ""
    place = f"{segment}: " if segment else ""
    day = first + timedelta(days=since)
    return f"{place}not judged since {day}: there is no denominator, or it is 0"


def _breaks(
    segment: str, first: date, row: int, scores: Scores, hits: Floats, trials: Floats
) -> Iterator[Break]:
    judged = np.flatnonzero(scores.state[row] > 0)
    is_open = scores.is_breach[row][judged]
    starts = judged[np.flatnonzero(is_open & ~np.concatenate([[False], is_open[:-1]]))]
    for start in starts:
        after = judged[(judged > start) & ~scores.is_breach[row][judged]]
        end = int(after[0]) if len(after) else None
        last = int(judged[judged < end][-1]) if end else int(judged[-1])
        onset = int(scores.since[row, last])
        whole = slice(onset, last + 1)
        yield Break(
            segment,
            first + timedelta(days=int(start)),
            first + timedelta(days=onset),
            float(scores.expected[row, start]),
            float(hits[row, whole].sum() / trials[row, whole].sum()),
            first + timedelta(days=end) if end else None,
        )


def _read(table: str, columns: Columns) -> tuple[list[str], date, Floats, Floats]:
    """Segments, the first day, and the counts as [segment, day]."""
    with _opened(table) as (con, source):
        sql = COUNTS.format(
            table=source, day=_quoted(columns.day), hits=_quoted(columns.numerator),
            trials=_quoted(columns.denominator), by=_quoted(columns.by) if columns.by else "''",
        )  # fmt: skip
        try:
            rows = con.execute(sql).fetchall()
        except duckdb.Error as error:
            raise _unwatched(con, table, source, error) from None
    if not rows:
        raise TrueupError(f"{table} has no rows to watch", next_step="name one that has days")
    if wrong := next((row for row in rows if row[2] < 0 or row[3] < 0), None):
        raise TrueupError(
            f"{table}: a ratio is watched of what is counted or added up",
            expected="0 or more on every day", got=f"less on {wrong[1]}",
            next_step="choose other columns, or leave such rows out",
        )  # fmt: skip
    segments = sorted({row[0] for row in rows})
    first = min(row[1] for row in rows)
    shape = (len(segments), (max(row[1] for row in rows) - first).days + 1)
    hits, trials = np.zeros(shape), np.zeros(shape)
    place = {segment: number for number, segment in enumerate(segments)}
    for segment, day, numerator, denominator in rows:
        at = place[segment], (day - first).days
        # Of nothing there is no share: such a day says nothing
        hits[at], trials[at] = (numerator if denominator else 0), denominator
    return segments, first, hits, trials


def _unwatched(
    con: duckdb.DuckDBPyConnection, table: str, source: str, error: duckdb.Error
) -> TrueupError:
    """What to say of a table whose columns cannot be read as a ratio by day."""
    got = str(error).split("\n")[0]
    try:
        names = [row[0] for row in con.execute(f"describe from {source}").fetchall()]
    except duckdb.Error:
        return TrueupError(
            f"{table} cannot be read", got=got,
            next_step="name a file, or a table as `trueup query` lists them",
        )  # fmt: skip
    return TrueupError(
        f"{table} cannot be watched by these columns", expected=", ".join(names), got=got,
        next_step="name columns it has: a day, and two that can be added up",
    )  # fmt: skip


class _opened:
    """A connection that can read the table, and what the table is called on it."""

    def __init__(self, table: str) -> None:
        self.table = table

    def __enter__(self) -> tuple[duckdb.DuckDBPyConnection, str]:
        path = Path(self.table)
        if reader := READERS.get(path.suffix.lower()):
            if not path.is_file():
                raise TrueupError(f"there is no file {path}", next_step="name one that exists")
            self.con = duckdb.connect()
            name = str(path).replace("'", "''")
            return self.con, f"{reader}('{name}')"
        mart = workspace.current().state.mart
        if not mart.exists():
            raise TrueupError(
                f"nothing has been published to {mart}",
                expected=f"a file ending in {', '.join(READERS)}, or a table of the mart",
                next_step="name a file, or publish first: `make run`",
            )
        self.con = duckdb.connect(str(mart), read_only=True)
        return self.con, ".".join(_quoted(part) for part in self._named().split("."))

    def _named(self) -> str:
        """The table with its schema, where that is left out and one has it."""
        found = self.con.execute(
            "select table_schema from information_schema.tables where table_name = ?", [self.table]
        ).fetchall()
        return f"{found[0][0]}.{self.table}" if len(found) == 1 else self.table

    def __exit__(self, *_: object) -> None:
        self.con.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
