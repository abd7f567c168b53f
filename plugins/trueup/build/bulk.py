"""Bulk streams: views over the landed Parquet in force, one file per account and day. Nothing is
copied, and a query that asks for days reads only their files.

The build file keeps the list of files; days whose files differ from those the build before read
are noted as changed. dbt runs in a process of its own and reads local files only, so of a landing
in an object store the changed days are copied into a table.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa

from trueup.build import integrity
from trueup.build.arrow import table_of
from trueup.build.loads import Arrived, in_force
from trueup.build.raw_tables import note_changed
from trueup.build.reading import LOAD_OF_FILE, choose, columns, known_columns, no_rows
from trueup.landing.store import LandedFile, Landing
from trueup.landing.typed import DAY, EXTRA
from trueup.window import Window

FILES = {
    "account": pa.string(),
    "day": pa.date32(),
    "load_id": pa.string(),
    "name": pa.string(),
    "row_count": pa.int64(),
    "sha256": pa.string(),
    "is_of_one_day": pa.bool_(),
    "columns": pa.list_(pa.string()),
}


def apply(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Arrived) -> None:
    """Bring a bulk stream up to date with its new loads, which `loads.note` has written down.
    Notes the days whose files changed in `trueup.changed_days`."""
    known_columns(arrived.stream, [load for load in arrived.loads if load.files])
    _replace_files(con, arrived)
    if landing.is_local:
        integrity.check_files(landing, _read_again(con, landing, arrived))
        con.execute(f"create or replace view {arrived.table} as {_select(con, landing, arrived)}")
    else:
        _copy_changed(con, landing, arrived)
    _count_rows(con, arrived)


def _replace_files(con: duckdb.DuckDBPyConnection, arrived: Arrived) -> None:
    """Put the files of loads now in force in place of those they take over from."""
    rows = [
        (account, day, load.load_id, file.name, file.row_count, file.sha256,
         file.day is not None, [f"{name} {kind}" for name, kind in load.columns.items()])
        for (account, day), load in in_force(arrived.stream, arrived.loads).items()
        for file in load.files
        if file.day in (day, None)
    ]  # fmt: skip
    con.register("fresh_files", table_of(rows, FILES))
    con.execute(
        f"""
        create or replace temp table worn_files as
        select files.*
        from trueup.bulk_files as files
        semi join taken_over
            on files.load_id = taken_over.load_id and files.day = taken_over.day
        where {_of(arrived, "files")};
        delete from trueup.bulk_files as files using worn_files as worn
        where files.name = worn.name and files.day = worn.day;
        insert into trueup.bulk_files by name
        select '{arrived.source}' as source, '{arrived.stream.name}' as stream, * from fresh_files
        """
    )
    hashes = "select day, list(sha256 order by account, sha256) as hashes from {} group by day"
    note_changed(
        con,
        arrived,
        f"""
        select day
        from ({hashes.format("fresh_files")}) as is_
        full join ({hashes.format("worn_files")}) as was using (day)
        where is_.hashes is distinct from was.hashes
        """,
    )
    con.unregister("fresh_files")


def _read_again(
    con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Arrived
) -> list[integrity.Kept]:
    """Files of earlier loads that this build reads again, those of changed days and of their
    neighbours, and any that is gone."""
    rows = con.execute(
        f"""
        with near as (
            select distinct unnest([day - 1, day, day + 1]) as day
            from trueup.changed_days as changed
            where {_of(arrived, "changed")}
        )
        select files.name, files.row_count, files.sha256, loads.load_id, loads.since,
            loads.until, bool_or(near.day is not null)
        from trueup.bulk_files as files
        inner join trueup.applied_loads as loads on files.load_id = loads.load_id
        left join near on files.day = near.day
        where {_of(arrived, "files")}
        group by all
        """
    ).fetchall()
    checked = {load.load_id for load in arrived.loads}
    return [
        integrity.Kept(
            arrived.source, arrived.stream.name, load_id, Window(since, until),
            LandedFile(name, row_count, sha256),
        )
        for name, row_count, sha256, load_id, since, until, is_near in rows
        if load_id not in checked
        and (is_near or not landing.fs.exists(landing.path(name)))
    ]  # fmt: skip


def _select(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Arrived) -> str:
    """The rows in force, read from their files: one part for the files that hold one day each and
    the same columns, one for each load whose files hold several days."""
    parts = con.execute(
        f"""
        select
            files.columns, list(distinct files.name order by files.name),
            if(is_of_one_day, null, list(distinct files.day order by files.day)),
            map_from_entries(list(distinct (files.load_id, loads.committed_at)))
        from trueup.bulk_files as files
        inner join trueup.applied_loads as loads on files.load_id = loads.load_id
        where {_of(arrived, "files")}
        group by files.columns, is_of_one_day, if(is_of_one_day, null, files.load_id)
        order by min(files.day)
        """
    ).fetchall()
    if not parts:
        return no_rows(arrived.stream)
    selects = []
    for known, names, days, committed in parts:
        files = ", ".join(_text(landing.url(name)) for name in names)
        only = ", ".join(f"date '{day}'" for day in days or ())
        selects.append(
            f"select {_columns(arrived, set(known), committed)}"
            f" from read_parquet([{files}], filename = true)"
            + (f" where {DAY} in ({only})" if only else "")
        )
    return " union all ".join(selects)


def _columns(arrived: Arrived, known: set[str], committed: dict[str, datetime]) -> str:
    """The raw columns of files that have the columns `known`; what they lack is null. Where a row
    comes from is read off its file's name, and only if a query asks for it."""
    *landed, load_id, committed_at = columns(arrived.stream)
    listed = []
    for name, kind in landed:
        if f"{name} {kind}" in known or name == DAY:
            listed.append(f'"{name}"' if kind != "JSON" else f'"{name}"::JSON as "{name}"')
        elif name == EXTRA or any(one.startswith(f"{name} ") for one in known):
            listed.append(f'"{name}"::{kind} as "{name}"')
        else:
            listed.append(f'null::{kind} as "{name}"')
    moments = ", ".join(
        f"{_text(one)}: timestamptz {_text(at.isoformat())}" for one, at in committed.items()
    )
    return ", ".join(
        [
            *listed,
            f"{LOAD_OF_FILE} as {load_id[0]}",
            f"map {{{moments}}}[{LOAD_OF_FILE}] as {committed_at[0]}",
        ]
    )


def _copy_changed(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Arrived) -> None:
    views = con.execute("select schema_name || '.' || view_name from duckdb_views()").fetchall()
    if (arrived.table,) in views:  # made for a stream without rows
        con.execute(f"drop view {arrived.table}")
    days = f"select day from trueup.changed_days where {_of(arrived, 'changed_days')}"
    con.execute(
        f"""
        create table if not exists {arrived.table} as {no_rows(arrived.stream)};
        delete from {arrived.table} where {DAY} in ({days});
        insert into {arrived.table}
        select * from ({_select(con, landing, arrived)}) where {DAY} in ({days})
        """
    )


def _count_rows(con: duckdb.DuckDBPyConnection, arrived: Arrived) -> None:
    """Hold the rows of new loads against their manifests, and count those of changed days."""
    chosen = choose(arrived.stream, arrived.loads)
    taken = {day for _, days in chosen for day in days or ()}
    if taken:
        first, last = f"date '{min(taken)}'", f"date '{max(taken)}'"
        rows = f"(select * from {arrived.table} where {DAY} between {first} and {last})"
        integrity.check_rows(con, arrived.stream, chosen, rows)
    money = f'sum("{arrived.stream.money}")' if arrived.stream.money else "null"
    days = f"select day from trueup.changed_days as days where {_of(arrived, 'days')}"
    con.execute(
        f"""
        delete from trueup.raw_days as counted
        where {_of(arrived, "counted")} and counted.day in ({days});
        insert into trueup.raw_days
        select '{arrived.source}', '{arrived.stream.name}', {DAY}, count(*), {money}
        from {arrived.table}
        where {DAY} in ({days})
        group by {DAY}
        """
    )


def _of(arrived: Arrived, table: str) -> str:
    return f"{table}.source = '{arrived.source}' and {table}.stream = '{arrived.stream.name}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
