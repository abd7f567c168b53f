"""Landed loads become raw tables in the build file: the newest truth of every stream, typed.

Only loads that are new since the last completed build are read. A table holds the same rows, from
the same loads, after any sequence of builds; the days that came out different are noted. Bulk
streams are read where they were landed instead (bulk.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import duckdb

from trueup.build import integrity
from trueup.build.loads import Arrived
from trueup.build.reading import PROVENANCE, choose, columns, no_rows, stage
from trueup.landing.store import Landing
from trueup.landing.typed import DAY
from trueup.sources.contract import Source, Stream


def create(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Every declared stream, empty if nothing was landed: models never guess."""
    con.execute(f"create schema if not exists raw_{source.name}")
    for stream in source.streams:
        table = f"raw_{source.name}.{stream.name}"
        if stream.bulk:
            con.execute(f"create view if not exists {table} as {no_rows(stream)}")
            continue
        con.execute(f"create table if not exists {table} as {no_rows(stream)}")
        if stream.history:
            con.execute(f"create table if not exists {table}__loads as {no_rows(stream)}")


def apply(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Arrived) -> None:
    """Bring the raw table of a stream up to date with its new loads, which `loads.note` has
    written down. Notes the days whose rows changed in `trueup.changed_days`."""
    stream = arrived.stream
    if not arrived.loads:
        return
    chosen = choose(stream, arrived.loads)
    several = _has_several_accounts(con, arrived.source) if stream.ids_of_account else False
    stage(con, landing, stream, chosen, has_several_accounts=several)
    integrity.check_rows(con, stream, chosen)
    if stream.history:
        con.execute(
            f"insert into {arrived.table}__loads from staged order by _committed_at, _load_id"
        )
    if stream.kind == "changes":
        _merge_versions(con, arrived)
    else:
        _replace_days(con, arrived)


def read_as_of(
    con: duckdb.DuckDBPyConnection,
    landing: Landing,
    source: str,
    stream: Stream,
    moment: datetime,
    named: Collection[str] = (),
) -> None:
    """A temp table `known`: what the stream's raw table would have held at `moment`, its ids as the
    raw table has them now; `named` are the accounts of the source in the company file."""
    loads = landing.loads(source, stream.name, as_of=moment)
    landed = {load.account for load in landing.loads(source, stream.name)}
    several = bool(stream.ids_of_account) and len(landed.union(named)) > 1
    chosen = choose(stream, loads, with_history=False)
    stage(con, landing, stream, chosen, has_several_accounts=several)
    newest = ""
    if stream.kind == "changes":
        newest = f"qualify {_newest_first(stream)} = 1"
    con.execute(f"create or replace temp table known as from staged {newest}")


def _has_several_accounts(con: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Whether the company file names several accounts of the source, or named them once: one that
    is still to land must not change the ids of the others on its day."""
    found = con.execute(
        """
        select count(*) > 1
        from (
            select account from trueup.applied_loads where source = $source
            union
            select account_id from company.accounts where source = $source
        )
        """,
        {"source": source},
    ).fetchone()
    return bool(found and found[0])


def _replace_days(con: duckdb.DuckDBPyConnection, arrived: Arrived) -> None:
    """Put the rows of loads now in force in place of those they take over from."""
    content = ", ".join(f'"{name}"' for name, _ in columns(arrived.stream)[: -len(PROVENANCE)])
    digest = (
        f"select {DAY} as day, count(*) as n, sum(hash({content})) as digest from {{}} group by 1"
    )
    con.execute(
        f"""
        create or replace temp table fresh as
        select staged.*
        from staged
        semi join trueup.current_days as current_days
            on staged._load_id = current_days.load_id and staged.{DAY} = current_days.day;
        create or replace temp table worn as
        select now.*
        from {arrived.table} as now
        semi join taken_over on now._load_id = taken_over.load_id and now.{DAY} = taken_over.day;
        delete from {arrived.table} as now using taken_over
        where now._load_id = taken_over.load_id and now.{DAY} = taken_over.day;
        insert into {arrived.table} from fresh
        """
    )
    note_changed(
        con,
        arrived,
        f"""
        select day
        from ({digest.format("worn")}) as was
        full join ({digest.format("fresh")}) as is_ using (day)
        where (was.n, was.digest) is distinct from (is_.n, is_.digest)
        """,
    )


def _newest_first(stream: Stream) -> str:
    """The position of a row among the versions of its key, newest first."""
    keys = ", ".join(f'"{stream.column(name).landed_name}"' for name in stream.key)
    return (
        f'row_number() over (partition by {keys} order by "{stream.cursor}" desc,'
        " _committed_at desc, _load_id desc)"
    )


def _merge_versions(con: duckdb.DuckDBPyConnection, arrived: Arrived) -> None:
    """Keep the newest version of each key, and count the versions that give way."""
    stream, table = arrived.stream, arrived.table
    keys = [stream.column(name).landed_name for name in stream.key]
    by_key = ", ".join(f'"{key}"' for key in keys)
    same_key = " and ".join(f'now."{key}" = staged."{key}"' for key in keys)
    content = ", ".join(f'"{name}"' for name, _ in columns(stream)[: -len(PROVENANCE)])
    money = f'sum("{stream.money}")' if stream.money else "null"
    con.execute(
        f"""
        create or replace temp table versions as
        select *, {_newest_first(stream)} as position
        from (
            select *, false as was_there from staged
            union all
            select now.*, true from {table} as now semi join staged on {same_key}
        );
        delete from {table} as now using staged where {same_key};
        insert into {table}
        select * exclude (was_there, position) from versions where position = 1;
        insert into trueup.superseded_days
        select '{arrived.source}', '{stream.name}', {DAY}, count(*), {money}
        from versions
        where position > 1
        group by {DAY}
        """
    )
    note_changed(
        con,
        arrived,
        f"""
        select day
        from (
            select unnest([newest.{DAY}, was.{DAY}]) as day
            from (select * from versions where position = 1) as newest
            left join (select * from versions where was_there) as was using ({by_key})
            where newest._load_id is distinct from was._load_id
                and hash({_of("newest", content)}) is distinct from hash({_of("was", content)})
        )
        where day is not null
        """,
    )


def _of(table: str, content: str) -> str:
    return ", ".join(f"{table}.{name}" for name in content.split(", "))


def note_changed(con: duckdb.DuckDBPyConnection, arrived: Arrived, days: str) -> None:
    """Note the days of the query `days`, one column."""
    con.execute(
        f"""
        insert into trueup.changed_days
        select distinct $source, $stream, d.* from ({days}) as d
        except select source, stream, day from trueup.changed_days
        """,
        {"source": arrived.source, "stream": arrived.stream.name},
    )


def count_rows(con: duckdb.DuckDBPyConnection, arrived: Sequence[Arrived]) -> None:
    """What the raw tables really hold of every day, for the row accounts."""
    for one in arrived:
        if not one.stream.bulk:
            money = f'sum("{one.stream.money}")' if one.stream.money else "null"
            con.execute(
                "delete from trueup.raw_days where source = $source and stream = $stream",
                {"source": one.source, "stream": one.stream.name},
            )
            con.execute(
                "insert into trueup.raw_days select"
                f" $source, $stream, {DAY}, count(*), {money} from {one.table} group by {DAY}",
                {"source": one.source, "stream": one.stream.name},
            )
