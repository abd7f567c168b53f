"""Landed loads become raw tables in the build file: the newest truth of every stream, typed.

Only loads that are new since the last completed build are read, and a day whose rows come out
the same is left alone, so the cost of a day does not grow with history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import duckdb
import pyarrow as pa

from trueup.errors import TrueupError
from trueup.landing.store import Landing, Load, winners
from trueup.landing.typed import DAY, EXTRA
from trueup.sources.contract import Column, Source, Stream

PROVENANCE = (Column("_load_id"), Column("_committed_at", "TIMESTAMPTZ"))


def columns(stream: Stream) -> list[tuple[str, str]]:
    """Name and DuckDB type of every column of the stream's raw table."""
    declared = [(c.landed_name, c.landed_type) for c in stream.columns]
    return [*declared, (DAY, "DATE"), (EXTRA, "JSON"), *((c.name, c.type) for c in PROVENANCE)]


def create(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Every declared stream as a table, empty if nothing was landed: models never guess."""
    con.execute(f"create schema if not exists raw_{source.name}")
    for stream in source.streams:
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns(stream))
        con.execute(f"create table if not exists raw_{source.name}.{stream.name} ({body})")
        if stream.history:
            con.execute(
                f"create table if not exists raw_{source.name}.{stream.name}__loads ({body})"
            )


def apply(
    con: duckdb.DuckDBPyConnection,
    landing: Landing,
    source: str,
    stream: Stream,
    new: Sequence[Load],
) -> None:
    """Bring the raw table of `stream` up to date with `new` loads, oldest commit first.

    Notes the days whose rows changed in `trueup.changed_days` and the loads in
    `trueup.applied_loads` and `trueup.new_loads`.
    """
    if not new:
        return
    table = f"raw_{source}.{stream.name}"
    if stream.history:
        _stage(con, landing, stream, [(load, None) for load in new])
        con.execute(f"insert into {table}__loads select * from staged")
    if stream.kind == "day":
        chosen = winners(new)
        _stage(con, landing, stream, list(chosen))
        _replace_days(con, table, source, stream, {day for _, days in chosen for day in days})
    elif stream.kind == "changes":
        _stage(con, landing, stream, [(load, None) for load in new])
        _merge_versions(con, table, source, stream)
    else:
        _stage(con, landing, stream, [(new[-1], None)])
        con.execute(f"delete from {table}")
        con.execute(f"insert into {table} select * from staged")
        _note_changed(con, source, stream, f"select distinct {DAY} from staged")
    _note_loads(con, new)


def read_as_of(
    con: duckdb.DuckDBPyConnection,
    landing: Landing,
    source: str,
    stream: Stream,
    moment: datetime,
) -> None:
    """A temp table `known`: what the stream's raw table would have held at `moment`."""
    chosen = landing.current(source, stream, as_of=moment)
    _stage(con, landing, stream, [(load, days) for load, days in chosen])
    newest = ""
    if stream.kind == "changes":
        keys = ", ".join(f'"{stream.column(name).landed_name}"' for name in stream.key)
        newest = (
            f'qualify row_number() over (partition by {keys} order by "{stream.cursor}" desc,'
            " _committed_at desc, _load_id desc) = 1"
        )
    con.execute(f"create or replace temp table known as from staged {newest}")


def _stage(
    con: duckdb.DuckDBPyConnection,
    landing: Landing,
    stream: Stream,
    chosen: Sequence[tuple[Load, set[date] | None]],
) -> None:
    """A temp table `staged` with the raw columns: the chosen days (None: all) of each load.

    A load from before a column was declared says nothing of it: null.
    """
    body = ", ".join(f'"{name}" {kind}' for name, kind in columns(stream))
    con.execute(f"create or replace temp table staged ({body})")
    files = [landing.url(file.name) for load, _ in chosen for file in load.files]
    if not files:
        return
    told = _columns_told(stream, [load for load, _ in chosen if load.files])
    picked = pa.table(
        {
            "load_id": [load.load_id for load, days in chosen for _ in (days or [None])],
            "committed_at": pa.array(
                [load.committed_at for load, days in chosen for _ in (days or [None])],
                pa.timestamp("us", tz="UTC"),
            ),
            "day": pa.array([day for _, days in chosen for day in (days or [None])], pa.date32()),
        }
    )
    con.register("picked", picked)
    landed = ", ".join(
        f'p."{name}"' if name in told else "null" for name, _ in columns(stream)[: -len(PROVENANCE)]
    )
    try:
        con.execute(
            f"""
            insert into staged
            select {landed}, picked.load_id, picked.committed_at
            from read_parquet($files, filename = true, union_by_name = true) as p
            inner join picked
                on regexp_extract(p.filename, '([^/]+)-[0-9]+[.]parquet$', 1) = picked.load_id
                and (picked.day is null or picked.day = p.{DAY})
            """,
            {"files": files},
        )
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise TrueupError(
            "a landed file cannot be read",
            source=chosen[0][0].source,
            stream=stream.name,
            got=" ".join(str(error).split()),
            next_step="put the file back, or set its load aside with `trueup reject LOAD --why`",
        ) from None
    con.unregister("picked")


def _columns_told(stream: Stream, loads: Sequence[Load]) -> set[str]:
    """The columns at least one of the loads has; a required one that any lacks is an error."""
    for column in stream.columns:
        lacking = [load for load in loads if column.landed_name not in load.columns]
        if column.required and lacking:
            raise TrueupError(
                f"{len(lacking)} load(s) are from before column {column.name} was declared",
                source=lacking[0].source,
                stream=stream.name,
                got=f"first {lacking[0].load_id} of {lacking[0].window}",
                next_step="set them aside: `trueup reject LOAD --why`; then land their days again",
            )
    return {DAY, EXTRA}.union(*(load.columns for load in loads))


def _replace_days(
    con: duckdb.DuckDBPyConnection, table: str, source: str, stream: Stream, days: set[date]
) -> None:
    """Swap in the staged rows of each day whose content differs from what is there."""
    con.register("covered", pa.table({"day": pa.array(sorted(days), pa.date32())}))
    content = ", ".join(f'"{name}"' for name, _ in columns(stream)[: -len(PROVENANCE)])

    def digest(rows: str) -> str:
        return (
            f"select {DAY} as day, count(*) as n, sum(hash({content})) as digest"
            f" from {rows} where {DAY} between $first and $last group by 1"
        )

    span = {"first": min(days), "last": max(days)}
    con.execute(
        f"""
        create or replace temp table differing as
        select covered.day
        from covered
        left join ({digest(table)}) as was on was.day = covered.day
        left join ({digest("staged")}) as is_ on is_.day = covered.day
        where (was.n, was.digest) is distinct from (is_.n, is_.digest)
        """,
        span,
    )
    con.unregister("covered")
    con.execute(f"delete from {table} where {DAY} in (select day from differing)")
    con.execute(
        f"insert into {table} select * from staged where {DAY} in (select day from differing)"
    )
    _note_changed(con, source, stream, "select day from differing")


def _merge_versions(
    con: duckdb.DuckDBPyConnection, table: str, source: str, stream: Stream
) -> None:
    """Keep the newest version of each key; a version that says nothing new is left out."""
    keys = [stream.column(name).landed_name for name in stream.key]
    same_key = " and ".join(f'staged."{key}" = now."{key}"' for key in keys)
    by_key = ", ".join(f'"{key}"' for key in keys)
    names = [name for name, _ in columns(stream)[: -len(PROVENANCE)]]
    fresh = ", ".join(f'staged."{name}"' for name in names)
    kept = ", ".join(f'now."{name}"' for name in names)
    cursor = stream.cursor
    con.execute(
        f"""
        create or replace temp table newest as
        with latest as (
            select * from staged
            qualify row_number() over (
                partition by {by_key} order by "{cursor}" desc, _committed_at desc, _load_id desc
            ) = 1
        )
        select staged.*, now.{DAY} as day_before
        from latest as staged
        left join {table} as now on {same_key}
        where now._load_id is null
            or (staged."{cursor}" >= now."{cursor}" and ({fresh}) is distinct from ({kept}))
        """
    )
    matches = " and ".join(f'newest."{key}" = now."{key}"' for key in keys)
    con.execute(f"delete from {table} as now using newest where {matches}")
    con.execute(f"insert into {table} select * exclude (day_before) from newest")
    _note_changed(
        con,
        source,
        stream,
        f"select {DAY} from newest"
        " union select day_before from newest where day_before is not null",
    )


def _note_changed(con: duckdb.DuckDBPyConnection, source: str, stream: Stream, days: str) -> None:
    con.execute(
        f"""
        insert into trueup.changed_days
        select distinct $source, $stream, d.* from ({days}) as d
        except select source, stream, day from trueup.changed_days
        """,
        {"source": source, "stream": stream.name},
    )


def _note_loads(con: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
    rows = [[x.load_id, x.source, x.stream, x.since, x.until, x.committed_at] for x in loads]
    for table in ("new_loads", "applied_loads"):
        con.executemany(f"insert into trueup.{table} values (?, ?, ?, ?, ?, ?)", rows)
