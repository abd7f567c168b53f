"""What `trueup watch` reads: two columns by day, of a file or of a table of the published mart.

A row that says nothing, or nothing that can be, costs its own day and no other: it is left out, and
counted. Columns that cannot be read at all are an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from trueup.company import workspace
from trueup.errors import TrueupError
from trueup.gates.detect.panel import Floats

READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv"}
#: A day farther than this from the middle one is a slip or stands for none, such as 1970-01-01.
FARTHEST_DAYS = 3653
#: What has a calendar of its own is cast; of all else the text is read, as GA4 writes it too.
DAYS = "cast({day} as date)"
TEXTS = """coalesce(
    try_cast(cast({day} as varchar) as date),
    cast(try_strptime(cast({day} as varchar), '%Y%m%d') as date)
)"""
ROWS = """
create temp table watched as
select coalesce(cast({by} as varchar), '') as segment, {on} as day,
    cast({hits} as double) as hits, cast({trials} as double) as trials
from {table}
"""
#: Why a row or a day is left out, and what is taken for what was not said.
LEFT_OUT = """
create temp table judged as
select *, case
    when day is null then 'without a day'
    when abs(day - (select cast(quantile_disc(day, 0.5) as date) from watched)) > {farthest}
        then 'of a day far from all others'
    when trials is null or not isfinite(trials) then 'without a denominator'
    when isinf(hits) then 'with a numerator without end'
    when hits is null or isnan(hits) then 'without a numerator'
end as fault
from watched
"""
FAULTS = "select fault, count(*) from judged where fault is not null group by fault order by fault"
#: A whole without a part is how a join says that none was seen.
COUNTED_AS_NONE = "without a numerator"
COUNTS = f"""
select segment, day, coalesce(sum(hits) filter (where fault is null), 0) as hits,
    sum(trials) as trials
from judged where fault is null or fault = '{COUNTED_AS_NONE}'
group by segment, day order by segment, day
"""


@dataclass(frozen=True)
class Columns:
    """What to watch: columns of a table, and the one that splits it into series, if any."""

    day: str
    numerator: str
    denominator: str
    by: str = ""


@dataclass(frozen=True)
class Watched:
    """Counts as [segment, day], the date of the first column, and what is to be said of rows."""

    segments: Sequence[str]
    first: date
    hits: Floats
    trials: Floats
    notes: Sequence[str]


def read(table: str, columns: Columns) -> Watched:
    """Raises TrueupError where nothing can be watched by these columns."""
    with _opened(table) as (con, source):
        try:
            _take(con, source, columns)
            rows = con.execute(COUNTS).fetchall()
            faults = con.execute(FAULTS).fetchall()
        except duckdb.Error as error:
            raise _unwatched(con, table, source, error) from None
    negative = [row for row in rows if row[2] < 0 or row[3] < 0]
    rows = [row for row in rows if row not in negative]
    notes = [_note(fault, count) for fault, count in faults]
    if negative:
        first = min(row[1] for row in negative)
        notes.append(f"{len(negative)} days below 0 are left out, the first of {first}")
    if not rows:
        raise TrueupError(
            f"{table} has no rows to watch",
            got="; ".join(notes),
            next_step="name one that has days",
        )
    return _panel(rows, notes)


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


def _take(con: duckdb.DuckDBPyConnection, source: str, columns: Columns) -> None:
    """Put the rows, and what is wrong with each, into temporary tables."""
    day = _quoted(columns.day)
    [(kind, *_)] = con.execute(f"select typeof(any_value({day})) from {source}").fetchall()
    has_calendar = kind.startswith(("DATE", "TIMESTAMP"))
    con.execute(ROWS.format(
        table=source, on=(DAYS if has_calendar else TEXTS).format(day=day),
        hits=_quoted(columns.numerator), trials=_quoted(columns.denominator),
        by=_quoted(columns.by) if columns.by else "''",
    ))  # fmt: skip
    con.execute(LEFT_OUT.format(farthest=FARTHEST_DAYS))


def _note(fault: str, count: int) -> str:
    rows = f"{count} row{'' if count == 1 else 's'} {fault}"
    verb = "is" if count == 1 else "are"
    return f"{rows} {verb} {'counted as none' if fault == COUNTED_AS_NONE else 'left out'}"


def _panel(rows: Sequence[tuple[str, date, float, float]], notes: Sequence[str]) -> Watched:
    segments = sorted({row[0] for row in rows})
    first = min(row[1] for row in rows)
    shape = (len(segments), (max(row[1] for row in rows) - first).days + 1)
    hits, trials = np.zeros(shape), np.zeros(shape)
    place = {segment: number for number, segment in enumerate(segments)}
    for segment, day, numerator, denominator in rows:
        at = place[segment], (day - first).days
        # Of nothing there is no share: such a day says nothing
        hits[at], trials[at] = (numerator if denominator else 0), denominator
    return Watched(segments, first, hits, trials, notes)


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
            # A name may hold what a pattern is made of, such as `export [2].csv`
            name = re.sub(r"([\[*?])", r"[\1]", str(path)).replace("'", "''")
            source = f"{reader}('{name}')"
        else:
            mart = workspace.current().state.mart
            if not mart.exists():
                raise TrueupError(
                    f"nothing has been published to {mart}",
                    expected=f"a file ending in {', '.join(READERS)}, or a table of the mart",
                    next_step="name a file, or publish first: `make run`",
                )
            self.con = duckdb.connect(str(mart), read_only=True)
            source = ".".join(_quoted(part) for part in self._named().split("."))
        self.con.execute(f"set timezone = '{_zone()}'")
        return self.con, source

    def _named(self) -> str:
        """The table with its schema, where that is left out and one has it."""
        found = self.con.execute(
            "select table_schema from information_schema.tables where table_name = ?", [self.table]
        ).fetchall()
        return f"{found[0][0]}.{self.table}" if len(found) == 1 else self.table

    def __exit__(self, *_: object) -> None:
        self.con.close()


def _zone() -> str:
    """Where instants are of a day: the company's, and never the machine's. A file may be watched
    where there is no company."""
    try:
        return workspace.current().company.reporting.time_zone
    except (TrueupError, OSError):
        return "UTC"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
