"""Files of a system trueup does not know: a glob plus a SQL select onto a canonical stream.

Flow: files of a feed -> table `input` (text columns, `_row`, `_file`) -> the feed's select ->
typed rows; a row that cannot be used is listed with its place and reason, the rest land.
Secrets: none. By hand: `trueup land files`.

A feed in the company file:

    feeds:
      - name: listing_sites
        stream: ad_performance
        path: data/listing_*.csv            # relative to the company file
        reader: {delim: ";"}                # options of DuckDB's read_csv, where needed
        sql: listing_sites.sql              # a select from `input`, relative to the company file

The select names canonical columns and `_row`; those it leaves out are null. A `reject_reason`
column, where not null, rejects the row. Values may be text: they are cast here, and what does
not cast is rejected. Measures of rows that share a key are added up (ADDITIVE).
"""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from trueup.errors import BrokenContract
from trueup.sources.canonical import ADDITIVE, FEED, STREAMS
from trueup.streams import Access, Page, Rejected, Source, Stream
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    for feed in access.options.get("feeds", ()):
        if feed["stream"] != stream.name:
            continue
        files = sorted(glob.glob(str(access.folder / feed["path"]), recursive=True))
        if not files:
            raise BrokenContract(
                f"feed {feed['name']}: no file matches {feed['path']}", **_place(stream, window),
                next_step="deliver the file, or correct the feed's path in the company file",
            )  # fmt: skip
        accepted = 0
        for file in files:
            con = duckdb.connect()
            con.execute("set timezone = 'UTC'")
            con.execute("set preserve_insertion_order = true")
            _read(con, file, feed, stream, window)
            _select(con, access.folder, feed, stream, window)
            accepted += con.execute(
                "select count(*) from typed where reject_reason is null"
            ).fetchone()[0]
            yield from _rejected(con, file, stream, window)
            yield _accepted(con, feed, stream, window)
            con.close()
        if not accepted:
            raise BrokenContract(
                f"feed {feed['name']}: not one usable row in {len(files)} file(s)",
                **_place(stream, window),
                next_step="see `trueup rejects`, then correct the feed's select",
            )


def _place(stream: Stream, window: Window) -> dict[str, Any]:
    return {"source": "files", "stream": stream.name, "window": window}


def _read(
    con: duckdb.DuckDBPyConnection,
    file: str,
    feed: Mapping[str, Any],
    stream: Stream,
    window: Window,
) -> None:
    """The file as table `input`: its columns as they stand, `_file`, and `_row` from 1."""
    options = dict(feed.get("reader", {}))
    if file.endswith(".parquet"):
        reader = "read_parquet(?)"
    elif file.endswith((".json", ".ndjson", ".jsonl", ".ndjson.gz")):
        reader = "read_json_auto(?)"
    else:
        settings = {"all_varchar": True, "header": True, "quote": '"', **options}
        reader = f"read_csv(?, {', '.join(f'{k} = {_literal(v)}' for k, v in settings.items())})"
    try:
        con.execute(
            "create table input as"
            f" select row_number() over () as _row, ? as _file, * from {reader}",
            [Path(file).name, file],
        )
    except duckdb.Error as error:
        raise BrokenContract(
            f"feed {feed['name']}: {Path(file).name} cannot be read", **_place(stream, window),
            got=" ".join(str(error).split())[:400],
            next_step="check the file is whole and the feed's reader options fit it",
        ) from None  # fmt: skip


def _select(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    feed: Mapping[str, Any],
    stream: Stream,
    window: Window,
) -> None:
    """Table `typed`: every row the select gave, cast, with the reason it is rejected or null."""
    place = _place(stream, window)
    try:
        con.execute(f"create table mapped as {(folder / feed['sql']).read_text(encoding='utf-8')}")
    except (OSError, duckdb.Error) as error:
        raise BrokenContract(
            f"feed {feed['name']}: its select {feed['sql']} does not run on the file",
            **place,
            got=" ".join(str(error).split())[:400],
            next_step="a column may have been renamed: compare the file's header with the select",
        ) from None
    given = [row[0] for row in con.execute("describe mapped").fetchall()]
    declared = [column for column in stream.columns if column is not FEED]
    known = {"_row", "reject_reason", *(column.name for column in declared)}
    missing = {"_row", *(c.name for c in declared if c.required)} - set(given)
    if missing or set(given) - known:
        raise BrokenContract(
            f"feed {feed['name']}: its select gives the wrong columns",
            **place,
            expected=f"{sorted(known)}",
            got=f"missing {sorted(missing)}, unknown {sorted(set(given) - known)}",
            next_step=f"correct {feed['sql']}",
        )
    casts, reasons = [], ["reject_reason" if "reject_reason" in given else "null"]
    for column in declared:
        if column.name not in given:
            casts.append(f'null::{column.type} as "{column.name}"')
            continue
        cast = f'try_cast("{column.name}" as {column.type})'
        casts.append(f'{cast} as "{column.name}"')
        reasons.append(
            f"case when \"{column.name}\" is not null and {cast} is null then '{column.name}: ' ||"
            f" \"{column.name}\"::varchar || ' is not a {column.type}' end"
        )
        if column.required:
            reasons.append(f"case when \"{column.name}\" is null then '{column.name} is empty' end")
    con.execute(
        f"create table typed as select _row, {', '.join(casts)},"
        f" coalesce({', '.join(reasons)}) as reject_reason from mapped"
    )


def _rejected(
    con: duckdb.DuckDBPyConnection, file: str, stream: Stream, window: Window
) -> Iterator[Rejected]:
    """Rejected rows that belong to the window or cannot be dated, with their original content."""
    rows = con.execute(
        f"""
        select typed._row, reject_reason, to_json(input)
        from typed inner join input using (_row)
        where reject_reason is not null
            and (typed."{stream.day}" is null or typed."{stream.day}" between ? and ?)
        order by 1
        """,
        [window.since, window.last_day],
    ).fetchall()
    for number, reason, content in rows:
        fields = json.loads(content)
        fields.pop("_file")
        yield Rejected(f"{Path(file).name} row {number}", reason, json.dumps(fields))


def _accepted(
    con: duckdb.DuckDBPyConnection, feed: Mapping[str, Any], stream: Stream, window: Window
) -> Page:
    measures = ADDITIVE.get(stream.name, ())
    columns = ", ".join(
        f'sum("{c.name}")::{c.type} as "{c.name}"' if c.name in measures else f'"{c.name}"'
        for c in stream.columns
        if c is not FEED
    )
    return con.execute(
        f"""
        select ? as feed, {columns} from typed
        where reject_reason is null and "{stream.day}" between ? and ?
        {"group by all" if measures else ""}
        order by all
        """,
        [feed["name"], window.since, window.last_day],
    ).to_arrow_table()


def _literal(value: object) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


SOURCE = Source(
    name="files",
    api_version="1",
    streams=STREAMS,
    extract=extract,
    options={"feeds": "list of {name, stream, path, sql, reader}: files and how they map"},
)
