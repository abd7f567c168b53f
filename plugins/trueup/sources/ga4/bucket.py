"""The export from files in a folder or bucket, in the shape and under the names of its tables.

`events_YYYYMMDD*` and `events_intraday_YYYYMMDD*` stand for the table of that day. Where the
option `file_pattern` matches files without a date in their name, all are read and the days are
those of their rows. Parquet tells its columns and row count, so both are checked.
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

from trueup.errors import BrokenContract, of_machine
from trueup.sources import http
from trueup.sources.contract import Access, Page, SetAside, Stream
from trueup.sources.ga4 import leaves, ndjson, nested, rows
from trueup.sources.ga4.streams import FINAL_AFTER_DAYS
from trueup.sources.ga4.tables import (
    DayTable,
    Present,
    before_first_day,
    check_fields,
    pick_tables,
)
from trueup.sources.refusals import Place
from trueup.window import Window

DATED = re.compile(r"(events_(?:intraday_|fresh_)?\d{8})(?!\d)")


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """Arrow parts of the window's files; for Parquet also the row count their footers state."""
    place = http.place_of(access, stream, window)
    fs, urls = _find(access, place)
    dated: dict[str, list[str]] = {}
    for name, url in urls.items():
        if table := _table_of(name):
            dated.setdefault(table, []).append(url)
    with rows.connect(access) as con:
        if "file" not in fs.protocol:
            con.register_filesystem(fs)
        if dated:
            yield from _dated(con, dated, window, place)
        else:
            yield from _undated(con, list(urls.values()), window, place)


def table_names(access: Access, stream: Stream, window: Window) -> list[str]:
    """The tables the files stand for; files without a date in their name stand for none."""
    _, urls = _find(access, http.place_of(access, stream, window))
    return [table for name in urls if (table := _table_of(name))]


def _table_of(name: str) -> str | None:
    match = DATED.match(name.rpartition("/")[2])
    return match and match[1]


def _find(access: Access, place: Place) -> tuple[Any, dict[str, str]]:
    """The file system of `base_url`, and each file's name and the address DuckDB reads it at."""
    try:
        fs, root = fsspec.core.url_to_fs(access.base_url)
    except (ImportError, ValueError) as error:
        raise BrokenContract(
            f"{access.base_url} cannot be opened",
            **place,
            got=error,
            next_step="use a folder or an s3:// path, or install the package named",
        ) from None
    pattern = access.options.get("file_pattern", "events_*")
    names = sorted(fs.glob(f"{root.rstrip('/')}/{pattern}"))
    if not names:
        raise BrokenContract(
            f"no file matches {pattern} below {access.base_url}",
            **place,
            next_step="check base_url and the option file_pattern in the company file",
        )
    local = "file" in fs.protocol
    return fs, {name: name if local else fs.unstrip_protocol(name) for name in names}


def _dated(
    con: duckdb.DuckDBPyConnection, files: dict[str, list[str]], window: Window, place: Place
) -> Iterator[Page]:
    tables, absent = pick_tables(files, window, place)
    yield from absent
    aside: list[SetAside] = []

    def read(table: DayTable) -> rows.Read:
        found, count, odd = _read(con, table, files[table.name], place)
        aside.extend(odd)
        return [found], count

    yield from rows.of_days(con, tables, read, place)
    yield from aside


def _undated(
    con: duckdb.DuckDBPyConnection, files: list[str], window: Window, place: Place
) -> Iterator[Page]:
    table = DayTable(files[0].rpartition("/")[2], window.since, "daily", False)
    # An event without a day stays, to be judged by intake.
    within = f"day between '{window.since}' and '{window.last_day}'"
    is_final = "false"
    with _unreadable(table, place):
        first, last = _span(con, files, table, place)
    if first:
        yield from before_first_day(first, window)
        is_final = f"day <= date '{last - timedelta(days=FINAL_AFTER_DAYS)}'"
    found, _, aside = _read(con, table, files, place, within, is_final)
    yield from aside
    yield from rows.landed_rows(con, [found])


def _span(
    con: duckdb.DuckDBPyConnection, files: list[str], table: DayTable, place: Place
) -> tuple[Any, Any]:
    """The first and the last day of all rows of the files."""
    if files[0].endswith(".parquet"):
        relation, _, _ = _parquet(con, table, files, place)
        written = "event_date"
    else:
        relation, written = ndjson.objects(files), "json_extract_string(json, '$.event_date')"
    day = f"try_cast(try_strptime({written}, '%Y%m%d') as date)"
    [found] = con.execute(f"select min({day}), max({day}) from {relation}").fetchall()
    return found


def _read(
    con: duckdb.DuckDBPyConnection,
    table: DayTable,
    files: list[str],
    place: Place,
    within: str = "true",
    is_final: str = "",
) -> tuple[pa.Table, int | None, list[SetAside]]:
    """The leaves of the table's files, their row count where their format states one, and the
    records that cannot be read."""
    with _unreadable(table, place):
        if files[0].endswith(".parquet"):
            relation, present, count = _parquet(con, table, files, place)
            day = "try_cast(try_strptime(event_date, '%Y%m%d') as date)"
            chosen = f"(select * from (select *, {day} as day from {relation})"
            chosen += f" where coalesce({within}, true))"
            chosen = nested.with_keys(chosen)
            query = leaves.select_leaves(
                nested.expressions(present), table, chosen, is_final=is_final
            )
            return con.sql(query).to_arrow_table(), count, []
        ndjson.check_columns(con, files, table, place)
        found = con.sql(ndjson.select(files, table, within, is_final)).to_arrow_table()
        return found, None, list(ndjson.set_aside(con, files))


def _parquet(
    con: duckdb.DuckDBPyConnection, table: DayTable, files: list[str], place: Place
) -> tuple[str, Present, int]:
    """The files as a relation, what it has of what we read, and its stated row count."""
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    relation = f"read_parquet([{listed}], union_by_name = true)"
    present = dict(nested.paths(con.sql(f"from {relation} limit 0").to_arrow_table().schema))
    [(count,)] = con.execute(
        f"select sum(num_rows)::bigint from parquet_file_metadata([{listed}])"
    ).fetchall()
    return relation, check_fields(present, table, place), count


@contextmanager
def _unreadable(table: DayTable, place: Place) -> Iterator[None]:
    """What DuckDB cannot read, as an error that names the table."""
    try:
        yield
    except duckdb.Error as error:
        if trouble := of_machine(error, f"reading the files of {table.name}", **place):
            raise trouble from None
        raise BrokenContract(
            f"the files of {table.name} cannot be read",
            **place,
            got=type(error).__name__,
            next_step="export the table again; a cut-off or retyped file is not landed",
        ) from None
