"""The private build file: raw tables, the company's configuration, and what is new.

`refresh` prepares it for dbt, `complete` closes a successful build. One step at a time works on
it (lock.py). A build that was killed is simply run again: what is new stays noted until
`complete`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from trueup.build import raw_tables
from trueup.build.lock import open_build
from trueup.company import tables
from trueup.company.company_file import Company
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Stream
from trueup.sources.registry import load as load_source
from trueup.sources.registry import load_all

#: A load is filed under the day it began and may commit this much later.
REACH_BACK = timedelta(days=2)

SCHEMA = """
create schema if not exists trueup;
create schema if not exists company;
create table if not exists trueup.applied_loads (
    load_id varchar, source varchar, stream varchar, since date, until date,
    committed_at timestamptz
);
create table if not exists trueup.new_loads (
    load_id varchar, source varchar, stream varchar, since date, until date,
    committed_at timestamptz
);
create table if not exists trueup.changed_days (source varchar, stream varchar, day date);
create table if not exists trueup.build (
    build_id varchar, built_at timestamptz, through_date date, is_full boolean
);
create table if not exists trueup.completed_builds (
    build_id varchar, built_at timestamptz, through_date date, completed_at timestamptz
);
create table if not exists trueup.freshness (
    source varchar, stream varchar, landed_through date, committed_at timestamptz,
    is_stale boolean
);
create table if not exists trueup.current_days (
    source varchar, stream varchar, account varchar, day date, load_id varchar
);
create table if not exists trueup.landed_days (
    source varchar, stream varchar, account varchar, load_id varchar, day date, offered bigint,
    landed bigint, set_aside bigint, offered_money decimal(38, 6), landed_money decimal(38, 6),
    set_aside_money decimal(38, 6), is_current boolean
);
create table if not exists trueup.set_aside_rows (
    source varchar, stream varchar, account varchar, load_id varchar, day date, position varchar,
    reason varchar, kind varchar, amount_local decimal(38, 6), is_lost boolean, is_current boolean
);
create table if not exists trueup.outside_rows (
    source varchar, stream varchar, account varchar, load_id varchar, row_count bigint,
    first_day date, last_day date, amount_local decimal(38, 6), is_current boolean
);
create table if not exists trueup.raw_days (
    source varchar, stream varchar, day date, row_count bigint, money decimal(38, 6)
);
create table if not exists trueup.ad_platforms (
    platform varchar, link_source varchar, source_pattern varchar, click_id_kind varchar,
    is_click_paid boolean
);
create table if not exists trueup.declared (signature varchar);
create table if not exists trueup.set_aside (load_id varchar);
create table if not exists trueup.gate_results (
    gate varchar, check_name varchar, table_name varchar, signal varchar, segment varchar,
    severity varchar, verdict varchar, why varchar, observed varchar, since_date date,
    affected_rows bigint, affected_amount_local decimal(38, 6), currency_code varchar,
    query varchar, runbook varchar, checked_at timestamptz, released_by varchar, reason varchar
);
create table if not exists trueup.signal_scores (
    signal varchar, segment varchar, signal_date date, observed double,
    expected_low double, expected_high double, baseline_days integer, p_value double,
    is_breach boolean
);
"""


@dataclass(frozen=True)
class Build:
    """What one build covers. `stale` sources have not landed `through_date`."""

    build_id: str
    through_date: date
    is_full: bool
    new_loads: int
    stale: tuple[str, ...]


def refresh(
    path: Path,
    company: Company,
    landing: Landing,
    *,
    built_at: datetime,
    code: str = "",
    through: date | None = None,
) -> Build:
    """Apply every new load to the raw tables in `path` and describe the build to dbt.

    `code` stands for the models (dbt.fingerprint). Starts from nothing where the file was
    never completed, a load it holds was set aside, a load came to light after one committed later
    was applied, or the declared streams, the company file or the models changed: a full rebuild
    gives the same mart as any sequence of builds.
    """
    signature = f"{code}; {company.model_dump_json()}; {_declared()}"
    arrived = _arrived(path, company, landing, signature) if path.exists() else None
    is_full = arrived is None
    if arrived is None:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        arrived = [
            (name, stream, landing.loads(name, stream.name)) for name, stream in _streams(company)
        ]
    with open_build(path) as con:
        landing.attach_to(con)
        con.execute("begin")
        con.execute(SCHEMA)
        _forget_completed(con)
        con.execute("delete from trueup.declared")
        con.execute("insert into trueup.declared values (?)", [signature])
        con.execute("delete from trueup.set_aside")
        for load_id in landing.rejected():
            con.execute("insert into trueup.set_aside values (?)", [load_id])
        for source in load_all():
            raw_tables.create(con, source)
        for name, stream, loads in arrived:
            raw_tables.apply(con, landing, name, stream, loads)
        tables.write(con, company)
        _write_ad_platforms(con)
        _write_current_days(con, company, landing)
        # A backfill builds an earlier day; what the mart already covers it keeps covering.
        through = max(filter(None, (through, _newest_day(con, company))))
        build_id = f"{built_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
        con.execute("delete from trueup.build")
        con.execute(
            "insert into trueup.build values (?, ?, ?, ?)", [build_id, built_at, through, is_full]
        )
        _write_freshness(con, company, through)
        new = _scalar(con, "select count(*) from trueup.new_loads")
        stale = con.execute(
            "select distinct source from trueup.freshness where is_stale order by 1"
        ).fetchall()
        con.execute("commit")
    return Build(build_id, through, is_full, int(new), tuple(row[0] for row in stale))


def complete(path: Path, build_id: str, at: datetime) -> None:
    """Mark the build as done: the next one starts from here."""
    with open_build(path) as con:
        con.execute(
            "insert into trueup.completed_builds"
            " select build_id, built_at, through_date, ? from trueup.build where build_id = ?",
            [at, build_id],
        )


def _arrived(
    path: Path, company: Company, landing: Landing, signature: str
) -> list[tuple[str, Stream, list[Load]]] | None:
    """The loads of every stream that the file at `path` does not hold yet, oldest commit first;
    None where the file cannot be continued from."""
    with open_build(path) as con:
        if not _can_continue(con, landing, signature):
            return None
        arrived = []
        for name, stream in _streams(company):
            applied = con.execute(
                "select committed_at, load_id from trueup.applied_loads"
                " where source = ? and stream = ? order by all",
                [name, stream.name],
            ).fetchall()
            newest = applied[-1] if applied else None
            since = newest[0].date() - REACH_BACK if newest else None
            known = {load_id for _, load_id in applied}
            loads = landing.loads(name, stream.name, since=since)
            new = [load for load in loads if load.load_id not in known]
            if new and newest and new[0].order < newest:
                return None
            arrived.append((name, stream, new))
    return arrived


def _can_continue(con: duckdb.DuckDBPyConnection, landing: Landing, signature: str) -> bool:
    tables = _column(
        con, "select table_name from information_schema.tables where table_schema = 'trueup'"
    )
    if "set_aside" not in tables or not _column(con, "from trueup.completed_builds"):
        return False
    if _column(con, "from trueup.declared") != {signature}:
        return False
    applied = _column(con, "select load_id from trueup.applied_loads")
    was_aside = _column(con, "from trueup.set_aside")
    aside = set(landing.rejected())
    return not applied & aside and was_aside <= aside


def _forget_completed(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what was new for a build that has completed since."""
    done = con.execute(
        "select 1 from trueup.build inner join trueup.completed_builds using (build_id)"
    ).fetchone()
    if not done:
        return
    con.execute("delete from trueup.new_loads")
    con.execute("delete from trueup.changed_days")
    for source in load_all():
        for stream in source.streams:
            if stream.history:
                con.execute(f"delete from raw_{source.name}.{stream.name}__loads")


def _streams(company: Company) -> Iterator[tuple[str, Stream]]:
    for name in sorted(company.sources):
        for stream in load_source(name).streams:
            yield name, stream


def _newest_day(con: duckdb.DuckDBPyConnection, company: Company) -> date:
    newest = _scalar(con, "select max(until) from trueup.applied_loads")
    return newest - timedelta(days=1) if newest else company.history.start


def _write_freshness(con: duckdb.DuckDBPyConnection, company: Company, through: date) -> None:
    con.execute("delete from trueup.freshness")
    for name, stream in _streams(company):
        con.execute(
            """
            insert into trueup.freshness
            select
                $source, $stream, max(until) - 1, max(committed_at),
                coalesce(max(until) <= $through, true)
            from trueup.applied_loads
            where source = $source and stream = $stream
            """,
            {"source": name, "stream": stream.name, "through": through},
        )


def _write_ad_platforms(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from trueup.ad_platforms")
    for source in load_all():
        if spoken := source.ad_platform:
            for kind in spoken.click_id_kinds or (None,):
                con.execute(
                    "insert into trueup.ad_platforms values (?, ?, ?, ?, ?)",
                    [source.name, spoken.link_source, spoken.source_pattern, kind,
                     spoken.is_click_paid],
                )  # fmt: skip


def _write_current_days(con: duckdb.DuckDBPyConnection, company: Company, landing: Landing) -> None:
    con.execute("delete from trueup.current_days")
    for name, stream in _streams(company):
        if stream.kind == "day":
            for load, days in landing.current(name, stream):
                con.executemany(
                    "insert into trueup.current_days values (?, ?, '', ?, ?)",
                    [[name, stream.name, day, load.load_id] for day in sorted(days)],
                )


def _declared() -> str:
    """The declared streams in one string."""
    return "; ".join(
        f"{source.name}.{stream.name}({stream.kind}, {stream.key}, {raw_tables.columns(stream)})"
        for source in load_all()
        for stream in source.streams
    )


def _scalar(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = con.execute(sql).fetchone()
    return row[0] if row else None


def _column(con: duckdb.DuckDBPyConnection, sql: str) -> set[Any]:
    return {row[0] for row in con.execute(sql).fetchall()}
