"""Which loads are in force, and what each holds: the manifests as tables of the build file.

Of a stream, an account and a day the newest committed load is in force; of a snapshot the newest
of each account. Loads come in the order of their commits, so a new one takes over every day it
covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from trueup.build import arrow
from trueup.build.schema import PLACED
from trueup.company.company_file import Company
from trueup.errors import TrueupError
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Stream


@dataclass(frozen=True)
class Arrived:
    """The loads of one stream that a build has not applied yet, oldest commit first."""

    source: str
    stream: Stream
    loads: tuple[Load, ...]

    @property
    def table(self) -> str:
        return f"raw_{self.source}.{self.stream.name}"


def in_force(stream: Stream, loads: Iterable[Load]) -> dict[tuple[str, date], Load]:
    """For each account and day the newest of `loads`, which come oldest first."""
    if stream.kind == "snapshot":
        newest = {load.account: load for load in loads}
        return {(load.account, load.window.last_day): load for load in newest.values()}
    return {(load.account, day): load for load in loads for day in load.window.days()}


def needed(stream: Stream, loads: Sequence[Load]) -> list[Load]:
    """Those of `loads` whose files a build reads."""
    if stream.kind == "changes" or stream.history:
        return list(loads)
    current = {load.load_id for load in in_force(stream, loads).values()}
    return [load for load in loads if load.load_id in current]


def note(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Sequence[Arrived]) -> None:
    """Write down what the new loads are, what they hold, and the days they take over.

    Leaves a temp table `taken_over`: the days earlier loads were in force for until now.
    """
    loads = [load for one in arrived for load in one.loads]
    _insert(con, ("trueup.new_loads", "trueup.applied_loads"), arrow.as_rows(loads))
    _take_over(con, arrived)
    _insert(con, ("trueup.load_days",), arrow.as_days(loads))
    _insert(con, ("trueup.load_rows_outside",), arrow.as_outside(loads))
    current = {load.load_id for one in arrived for load in in_force(one.stream, one.loads).values()}
    _note_set_aside(con, landing, [load for load in loads if load.load_id in current])
    _forget_superseded(con)


def _take_over(con: duckdb.DuckDBPyConnection, arrived: Sequence[Arrived]) -> None:
    rows = [
        (one.source, one.stream.name, account, day, load.load_id, one.stream.kind == "snapshot")
        for one in arrived
        for (account, day), load in in_force(one.stream, one.loads).items()
    ]
    con.register("taken", arrow.table_of(rows, arrow.TAKEN))
    con.execute(
        """
        create or replace temp table taken_over as
        select current_days.*
        from trueup.current_days
        semi join taken
            on current_days.source = taken.source
            and current_days.stream = taken.stream
            and current_days.account = taken.account
            and (current_days.day = taken.day or taken.is_snapshot);
        delete from trueup.current_days using taken_over
        where current_days.load_id = taken_over.load_id and current_days.day = taken_over.day;
        insert into trueup.current_days select * exclude (is_snapshot) from taken;
        """
    )
    con.unregister("taken")


def _note_set_aside(
    con: duckdb.DuckDBPyConnection, landing: Landing, loads: Sequence[Load]
) -> None:
    """Rows that intake could not use; not what they say, which may be personal data."""
    having = [
        load
        for load in loads
        if load.set_aside_count
        or (load.outside and landing.fs.exists(landing.path(landing.set_aside_file(load))))
    ]
    if not having:
        return
    try:
        con.execute(
            """
            insert into trueup.load_rows_set_aside
            with listed as (
                from read_parquet($files, filename = true, union_by_name = true)
                -- lists of earlier landings say no currency
                union all by name select null::varchar as currency_code where false
            )
            select
                regexp_extract(filename, '([^/]+)[.]set_aside[.]parquet$', 1),
                day, position, reason, kind, amount, is_lost, currency_code
            from listed
            """,
            {"files": [landing.url(landing.set_aside_file(load)) for load in having]},
        )
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
        raise TrueupError(
            "the list of a load's rows set aside cannot be read",
            got=" ".join(str(error).split()),
            next_step="put the file back, or set its load aside with `trueup reject LOAD --why`",
        ) from None


def _forget_superseded(con: duckdb.DuckDBPyConnection) -> None:
    """Of loads no longer in force for a day only the sums stay: restated days must not pile up."""
    for table, day in (
        ("load_days", "rows.day"),
        ("load_rows_set_aside", "rows.day"),
        ("load_rows_outside", "null::date"),
    ):
        con.execute(
            f"""
            create or replace temp table superseded_{table} as
            select rows.rowid as row_id, loads.source, loads.stream, loads.account, rows.*
            from trueup.{table} as rows
            inner join trueup.applied_loads as loads using (load_id)
            anti join trueup.current_days as current_days
                on rows.load_id = current_days.load_id
                and {PLACED.format(day=day)} = current_days.day
            """
        )
        con.execute(
            f"delete from trueup.{table} where rowid in (select row_id from superseded_{table})"
        )
    con.execute(
        """
        create or replace temp table summed as
        select
            source, stream, account, day, sum(offered), sum(landed), sum(set_aside),
            sum(landed_money), sum(set_aside_money)
        from (
            from trueup.superseded_load_days
            union all by name
            select * exclude (row_id, load_id) from superseded_load_days
        )
        group by all;
        delete from trueup.superseded_load_days;
        insert into trueup.superseded_load_days from summed
        """
    )


def write_freshness(
    con: duckdb.DuckDBPyConnection, expected: Iterable[tuple[str, str, str]], through: date
) -> None:
    """How far each stream and account has landed, also those that never did.

    `expected` are the (source, stream, account) the company names.
    """
    con.register("expected", arrow.table_of(expected, arrow.ACCOUNT))
    con.execute(
        """
        delete from trueup.freshness;
        insert into trueup.freshness
        with covered as (
            select source, stream, account, day from trueup.current_days
            union all
            -- A snapshot taken for an earlier day, in a backfill, takes nothing back.
            select source, stream, account, until - 1 as day
            from trueup.applied_loads inner join trueup.streams using (source, stream)
            where kind = 'snapshot'
        ),
        landed as (
            select source, stream, account, max(day) as landed_through
            from covered
            group by all
        ),
        committed as (
            select source, stream, account, max(committed_at) as committed_at
            from trueup.applied_loads
            group by all
        )
        select
            source, stream, account, landed_through, committed_at,
            coalesce(landed_through < $through, true)
        from expected
        left join landed using (source, stream, account)
        left join committed using (source, stream, account)
        """,
        {"through": through},
    )
    con.unregister("expected")


def write_unlisted_feeds(con: duckdb.DuckDBPyConnection, company: Company) -> None:
    """Feeds that landed and that the company file lists no more: their loads stay in force, so one
    that was renamed counts twice. A vendor's account keeps its id and its days."""
    landed = con.execute("select distinct source, stream, account from trueup.applied_loads")
    feeds = sorted(landed.fetchall())
    con.execute("delete from trueup.unlisted_feeds")
    for source, stream, feed in feeds:
        if company.module(source).divide and (stream, feed) not in company.parts(source):
            con.execute(
                "insert into trueup.unlisted_feeds values (?, ?, ?)", [source, stream, feed]
            )


def _insert(con: duckdb.DuckDBPyConnection, tables: Sequence[str], rows: pa.Table) -> None:
    con.register("noted", rows)
    for table in tables:
        con.execute(f"insert into {table} by name from noted")
    con.unregister("noted")
