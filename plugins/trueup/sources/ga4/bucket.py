"""The export from files in a folder or bucket, in the shape and under the names of its tables.

`events_YYYYMMDD*` and `events_intraday_YYYYMMDD*` stand for the table of that day. Where the
option `file_pattern` matches files without a date in their name, all are read and the days are
those of their rows. Parquet tells its columns and row count, so both are checked; in NDJSON a
null may simply be left out, so only what every event has can be missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import duckdb
import fsspec
import pyarrow as pa

from trueup.errors import BrokenContract
from trueup.sources.contract import Access, ControlTotal, Page, Stream
from trueup.sources.ga4 import flatten
from trueup.sources.ga4.export import (
    FIELDS,
    FINAL_AFTER_DAYS,
    PARAMETER_PATHS,
    PARAMETERS,
    DayTable,
    Field,
    before_first_day,
    check_fields,
    column_error,
    pick_tables,
)
from trueup.window import Window

DATED = re.compile(r"(events_(?:intraday_)?\d{8})(?!\d)")
#: Top-level columns that are never null, so that NDJSON without them lacks them.
ALWAYS = (
    "event_date", "event_timestamp", "event_name", "event_params", "privacy_info", "device", "geo",
    "stream_id", "platform",
)  # fmt: skip
#: Longest event as text, in bytes; DuckDB's own limit is 16 MB.
LONGEST_EVENT = 64 * 2**20


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """Arrow parts of the window's files; for Parquet also the row count their footers state."""
    fs, urls = _find(access, stream, window)
    dated: dict[str, list[str]] = {}
    for name, url in urls.items():
        if table := _table_of(name):
            dated.setdefault(table, []).append(url)
    con = _connect(fs)
    try:
        if dated:
            yield from _dated(con, dated, stream, window)
        else:
            yield from _undated(con, list(urls.values()), stream, window)
    finally:
        con.close()


def table_names(access: Access, stream: Stream, window: Window) -> Iterator[list[str]]:
    """The tables the files stand for; files without a date in their name stand for none."""
    _, urls = _find(access, stream, window)
    yield [table for name in urls if (table := _table_of(name))]


def _table_of(name: str) -> str | None:
    match = DATED.match(name.rpartition("/")[2])
    return match and match[1]


def _find(access: Access, stream: Stream, window: Window) -> tuple[Any, dict[str, str]]:
    """The file system of `base_url`, and each file's name and the address DuckDB reads it at."""
    try:
        fs, root = fsspec.core.url_to_fs(access.base_url)
    except (ImportError, ValueError) as error:
        raise BrokenContract(
            f"{access.base_url} cannot be opened",
            **_place(stream, window),
            got=error,
            next_step="use a folder or an s3:// path, or install the package named",
        ) from None
    pattern = access.options.get("file_pattern", "events_*")
    names = sorted(fs.glob(f"{root.rstrip('/')}/{pattern}"))
    if not names:
        raise BrokenContract(
            f"no file matches {pattern} below {access.base_url}",
            **_place(stream, window),
            next_step="check base_url and the option file_pattern in the company file",
        )
    local = "file" in fs.protocol
    return fs, {name: name if local else fs.unstrip_protocol(name) for name in names}


def _dated(
    con: duckdb.DuckDBPyConnection, files: dict[str, list[str]], stream: Stream, window: Window
) -> Iterator[Page]:
    stated: list[int | None] = []
    tables, absent = pick_tables(files, stream, window)
    yield from absent
    for table in tables:
        stated.append(_read(con, table, files[table.name], stream, window))
        yield from flatten.landed_rows(con, at_least=flatten.PART_ROWS)
    yield from flatten.landed_rows(con)
    if None not in stated:
        yield ControlTotal("rows", sum(stated))


def _undated(
    con: duckdb.DuckDBPyConnection, files: list[str], stream: Stream, window: Window
) -> Iterator[Page]:
    table = DayTable(files[0].rpartition("/")[2], window.since, "daily", False)
    with _unreadable(table, stream, window):
        relation, fields, _ = _open(con, table, files, stream, window)
        day = "strptime(event_date, '%Y%m%d')::date"
        first, last = con.execute(f"select min({day}), max({day}) from {relation}").fetchone()
        # An event without a day stays, to be refused by intake.
        chosen = f"coalesce({day} between '{window.since}' and '{window.last_day}', true)"
        relation = f"(from {relation} where {chosen})"
        con.execute(flatten.insert_leaves(_expressions(fields), table, relation))
    if first:
        yield from before_first_day(first, window)
        con.execute(
            "update leaves set is_final = event_date <= ?",
            [last - timedelta(days=FINAL_AFTER_DAYS)],
        )
    yield from flatten.landed_rows(con)


def _connect(fs: Any) -> duckdb.DuckDBPyConnection:
    con = flatten.connect()
    if "file" not in fs.protocol:
        con.register_filesystem(fs)
    return con


def _read(
    con: duckdb.DuckDBPyConnection,
    table: DayTable,
    files: list[str],
    stream: Stream,
    window: Window,
) -> int | None:
    """Add the table's files to `leaves`; returns their row count where their format states one."""
    with _unreadable(table, stream, window):
        relation, fields, count = _open(con, table, files, stream, window)
        con.execute(flatten.insert_leaves(_expressions(fields), table, relation))
    return count


def _open(
    con: duckdb.DuckDBPyConnection,
    table: DayTable,
    files: list[str],
    stream: Stream,
    window: Window,
) -> tuple[str, tuple[Field, ...], int | None]:
    """The files as a relation, which of the needed fields it has, and its stated row count."""
    listed = ", ".join(f"'{_quoted(file)}'" for file in files)
    if files[0].endswith(".parquet"):
        relation = f"read_parquet([{listed}], union_by_name = true)"
        present = dict(_paths(con.sql(f"from {relation} limit 0").to_arrow_table().schema))
        count = con.execute(
            f"select sum(num_rows)::bigint from parquet_file_metadata([{listed}])"
        ).fetchone()[0]
        return relation, check_fields(present, table, stream, window), count
    limits = f"maximum_object_size = {LONGEST_EVENT}"
    names = con.sql(f"from read_json([{listed}], {limits}) limit 0").columns
    for name in ALWAYS:
        if name not in names:
            raise column_error(name, table.name, stream, window, "a column", None)
    relation = (
        f"read_json([{listed}], format = 'newline_delimited', {limits},"
        f" columns = {_json_columns()})"
    )
    return relation, FIELDS, None


@contextmanager
def _unreadable(table: DayTable, stream: Stream, window: Window) -> Iterator[None]:
    """What DuckDB cannot read, as an error that names the table."""
    try:
        yield
    except duckdb.Error as error:
        raise BrokenContract(
            f"the files of {table.name} cannot be read",
            **_place(stream, window),
            got=type(error).__name__,
            next_step="export the table again; a cut-off or retyped file is not landed",
        ) from None


def _expressions(fields: tuple[Field, ...]) -> dict[str, str]:
    """Each leaf's column and where it stands in the nested row."""
    found = {f.column: ".".join(f'"{name}"' for name in f.path.split(".")) for f in fields}
    for name, half, _ in PARAMETERS:
        found[name] = f"list_filter(event_params, lambda p: p.key = '{name}')[1].value.{half}"
    return found


def _paths(fields: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted path and BigQuery type of every scalar of an Arrow schema or struct."""
    for field in fields:
        kind = field.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            kind = kind.value_type
        path = prefix + field.name
        if pa.types.is_struct(kind):
            yield from _paths(kind, f"{path}.")
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            yield path, "STRING"
        elif pa.types.is_integer(kind):
            yield path, "INTEGER"
        else:
            yield path, "FLOAT" if pa.types.is_floating(kind) else str(kind)


def _json_columns() -> str:
    """The `columns` argument of read_json: the needed fields as nested DuckDB types."""
    types = {"STRING": "VARCHAR", "INTEGER": "BIGINT"}
    tree: dict[str, Any] = {}
    for path, leaf in [(f.path, f.type) for f in FIELDS] + [
        (path, types[kind]) for path, kind in PARAMETER_PATHS.items()
    ]:
        *records, name = path.split(".")
        node = tree
        for record in records:
            node = node.setdefault(record, {})
        node[name] = leaf

    def spelt(name: str, node: Any) -> str:
        if isinstance(node, str):
            return node
        inner = ", ".join(f'"{key}" {spelt(key, value)}' for key, value in node.items())
        return f"STRUCT({inner})" + ("[]" if name == "event_params" else "")

    columns = ", ".join(f"'{name}': '{spelt(name, node)}'" for name, node in tree.items())
    return f"{{{columns}}}"


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _place(stream: Stream, window: Window) -> dict[str, Any]:
    return {"source": "ga4", "stream": stream.name, "window": window}
