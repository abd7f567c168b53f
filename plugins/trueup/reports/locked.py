"""A person's query asks the tables before it and nothing else.

Queries are pasted from messages and tickets: whatever stands in one, it reads no file of this
machine, writes none, attaches no database, loads no extension, reaches no network and changes no
setting. DuckDB is locked to its tables, and its parser says which statements are queries.
"""

from __future__ import annotations

import contextlib
import csv
import difflib
import io
import re
import shutil
import sys
from itertools import pairwise

import duckdb
from duckdb import StatementType

from trueup.errors import TrueupError

EXPLAIN = re.compile(r"^\s*explain(\s+analyze)?\b", re.IGNORECASE)
PIVOT = re.compile(r"\b(un)?pivot\b", re.IGNORECASE)
NO_TABLE = re.compile(
    r'(?P<problem>Table with name (?P<name>\S+) does not exist!)(\s*Did you mean "[^"]*"\?)?'
)
CREATE = re.compile(r"\bcreate\b", re.IGNORECASE)
NAME = re.compile(r'"(?:[^"]|"")*"|\w+')
#: Functions that do more than read, which the lock on settings does not hold: they set where the
#: database logs to (a file it may not write ends this process), empty what it logged, wait, or run
#: a query that stands in a text, where none of these can be seen.
ACTS = frozenset(
    {
        "enable_logging",
        "disable_logging",
        "truncate_duckdb_logs",
        "write_log",
        "enable_profiling",
        "disable_profiling",
        "checkpoint",
        "force_checkpoint",
        "sleep_ms",
        "query",
        "json_execute_serialized_sql",
    }
)
#: Rows a screen is shown; a file or another program gets all, with every column in full.
SCREEN_ROWS = 200
ALL = 10**9
#: Rows written as CSV at a time.
CSV_ROWS = 10_000


def answer(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    next_step: str,
    *,
    reads: str = "",
    as_csv: bool = False,
) -> str:
    """The answer of a query as text, a table or CSV. `reads` is the folder that views of the
    database read from. The connection is locked for good."""
    lock(con, reads)
    try:
        check(con, sql)
        return _csv(con.sql(sql)) if as_csv else _printed(con.sql(sql))
    except (duckdb.Error, UnicodeDecodeError) as error:
        why = _said(con, error) if isinstance(error, duckdb.Error) else "its answer is no text"
        raise TrueupError(f"the query does not run: {why}", next_step=next_step) from None


def _said(con: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    """What DuckDB says; of a table there is not, the name that is most like it among those that
    are, where DuckDB would name its own as well."""
    text = str(error)
    if not (found := NO_TABLE.search(text)):
        return text
    tables = con.execute("select table_name, table_schema from information_schema.tables")
    schemas = dict(tables.fetchall())
    close = difflib.get_close_matches(found["name"].rpartition(".")[2], schemas, 1)
    meant = f' Did you mean "{schemas[close[0]]}.{close[0]}"?' if close else ""
    return text.replace(found[0], found["problem"] + meant)


def _printed(answer: duckdb.DuckDBPyRelation | None) -> str:
    """The answer as a table: on a screen as wide as that is, else whole."""
    if answer is None:
        return ""
    is_screen = sys.stdout.isatty()
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        if is_screen:
            answer.show(max_rows=SCREEN_ROWS, max_width=shutil.get_terminal_size().columns)
        else:
            answer.show(max_rows=ALL, max_width=ALL, max_col_width=ALL)
    return text.getvalue().rstrip("\n")


def _csv(answer: duckdb.DuckDBPyRelation | None) -> str:
    """The answer as programs read it: a header, a line for each row, nothing where it is null."""
    if answer is None:
        return ""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(answer.columns)
    while rows := answer.fetchmany(CSV_ROWS):
        lines.writerows(rows)
    return text.getvalue().rstrip("\n")


def lock(con: duckdb.DuckDBPyConnection, reads: str = "") -> None:
    """Nothing outside the database, but what lies in the folder `reads`, and no way back."""
    allowed = "'" + reads.replace("'", "''") + "'" if reads else ""
    con.execute(f"set allowed_directories = [{allowed}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def check(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raises TrueupError unless all of `sql` is queries."""
    kinds = [statement.type for statement in con.extract_statements(sql)]
    if StatementType.EXPLAIN in kinds and EXPLAIN.match(sql):
        return check(con, EXPLAIN.sub("", sql, count=1))
    allowed = {StatementType.SELECT}
    if PIVOT.search(sql) and not CREATE.search(sql):
        allowed.add(StatementType.CREATE)  # a pivot makes a type of its columns first
    if not set(kinds) <= allowed or not kinds:
        raise TrueupError(
            "only queries are answered here",
            got=", ".join(sorted({kind.name for kind in kinds} - {"SELECT"})) or "nothing",
            next_step="ask with select, from, show or describe; to keep an answer, send what is"
            " printed into a file",
        )
    if acting := _called(sql) & ACTS:
        raise TrueupError(
            "only queries are answered here, and this one calls what does more than read",
            got=", ".join(sorted(acting)),
            next_step="ask without it; what stands in a text for query() is asked by itself",
        )
    return None


def _called(sql: str) -> set[str]:
    """The names in `sql` that are followed by a bracket, as DuckDB's own tokens have them: comments
    are none, and a name may stand in quotes."""
    content = sql.encode()  # which the places of tokens are counted in
    starts = [start for start, _ in duckdb.tokenize(sql)]
    ends = [*starts[1:], len(content)]
    tokens = [content[start:end].decode() for start, end in zip(starts, ends, strict=True)]
    return {
        name[0].strip('"').replace('""', '"').lower()
        for token, bracket in pairwise(tokens)
        if bracket.startswith("(") and (name := NAME.match(token))
    }
