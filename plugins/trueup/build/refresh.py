"""The private build file: raw tables, the company's configuration, and what is new.

`refresh` prepares it for dbt, `complete` closes a successful build. One step at a time works on
it (lock.py). A build that was killed is simply run again: what is new stays noted until
`complete`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from trueup.build import bulk, integrity, loads, raw_tables
from trueup.build.loads import Arrived
from trueup.build.lock import open_build
from trueup.build.reading import columns
from trueup.build.schema import SCHEMA
from trueup.company import tables
from trueup.company.company_file import Company
from trueup.landing.store import REACH_BACK, Landing, Load
from trueup.sources.contract import Stream
from trueup.sources.registry import load as load_source
from trueup.sources.registry import load_all


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
    only: Collection[str] | None = None,
) -> Build:
    """Apply every new load to the raw tables in `path` and describe the build to dbt.

    `code` stands for the models (dbt.fingerprint); `only` leaves out all loads but those named.
    Starts from nothing where the file was never completed, a load it holds was set aside, a load
    came to light after one committed later was applied, or the declared streams, the company file
    or the models changed: a full rebuild gives the same mart as any sequence of builds. Raises
    TrueupError, with the file as it was, where a landed file is not the one that was landed.
    """
    declared = signature(company, code)
    arrived = _arrived(path, company, landing, declared) if path.exists() else None
    is_full = arrived is None
    if arrived is None:
        arrived = [
            _of(name, stream, landing.loads(name, stream.name), only)
            for name, stream in _streams(company)
        ]
    needed = [load for one in arrived for load in loads.needed(one.stream, one.loads)]
    integrity.check_files(landing, integrity.Kept.of(needed))
    if is_full:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
    with open_build(path) as con:
        landing.attach_to(con)
        con.execute("begin")
        con.execute(SCHEMA)
        _forget_completed(con)
        _describe(con, company, landing, declared)
        _apply(con, landing, arrived)
        # A backfill builds an earlier day; what the mart already covers it keeps covering.
        through = max(filter(None, (through, _newest_day(con, company))))
        loads.write_freshness(con, _expected(con, company), through)
        loads.write_unlisted_feeds(con, company)
        build = _begin(con, built_at, through, is_full)
        con.execute("commit")
    return build


def signature(company: Company, code: str) -> str:
    """Everything but the landing that decides what is built, in one string."""
    streams = "; ".join(
        f"{source.name}.{stream.name}({stream.kind}, {stream.key}, {columns(stream)},"
        f" {stream.history}, {stream.bulk}, {stream.money}, {stream.ids_of_account})"
        for source in load_all()
        for stream in source.streams
    )
    weak = "; ".join(f"{source.name}: {dict(source.weak_goals)}" for source in load_all())
    return f"{code}; {company.model_dump_json()}; {SCHEMA}; {streams}; {weak}"


def complete(path: Path, build_id: str, at: datetime) -> None:
    """Mark the build as done: the next one starts from here."""
    with open_build(path) as con:
        con.execute(
            "insert into trueup.completed_builds"
            " select build_id, built_at, through_date, ? from trueup.build where build_id = ?",
            [at, build_id],
        )


def _of(
    name: str, stream: Stream, found: Collection[Load], only: Collection[str] | None = None
) -> Arrived:
    chosen = [load for load in found if only is None or load.load_id in only]
    return Arrived(name, stream, tuple(chosen))


def _arrived(path: Path, company: Company, landing: Landing, declared: str) -> list[Arrived] | None:
    """The loads of every stream that the file at `path` does not hold yet, oldest commit first;
    None where the file cannot be continued from."""
    with open_build(path) as con:
        if not _can_continue(con, landing, declared):
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
            found = landing.loads(name, stream.name, since=since)
            new = [load for load in found if load.load_id not in known]
            if new and newest and new[0].order < newest:
                return None
            arrived.append(_of(name, stream, new))
    return arrived


def _can_continue(con: duckdb.DuckDBPyConnection, landing: Landing, declared: str) -> bool:
    found = _column(
        con, "select table_name from information_schema.tables where table_schema = 'trueup'"
    )
    if "set_aside_loads" not in found or not _column(con, "from trueup.completed_builds"):
        return False
    if _column(con, "from trueup.declared") != {declared}:
        return False
    applied = _column(con, "select load_id from trueup.applied_loads")
    was_aside = _column(con, "from trueup.set_aside_loads")
    aside = set(landing.rejected())
    return not applied & aside and was_aside <= aside


def _apply(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Sequence[Arrived]) -> None:
    loads.note(con, landing, arrived)
    for source in load_all():
        raw_tables.create(con, source)
    for one in arrived:
        (bulk if one.stream.bulk else raw_tables).apply(con, landing, one)
    raw_tables.count_rows(con, arrived)


def _begin(
    con: duckdb.DuckDBPyConnection, built_at: datetime, through: date, is_full: bool
) -> Build:
    build_id = f"{built_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    con.execute("delete from trueup.build")
    con.execute(
        "insert into trueup.build values (?, ?, ?, ?)", [build_id, built_at, through, is_full]
    )
    new = _column(con, "select load_id from trueup.new_loads")
    stale = _column(con, "select source from trueup.freshness where is_stale")
    return Build(build_id, through, is_full, len(new), tuple(sorted(stale)))


def _forget_completed(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what was new for a build that has completed since."""
    done = con.execute(
        "select 1 from trueup.build inner join trueup.completed_builds using (build_id)"
    ).fetchone()
    if done:
        con.execute("delete from trueup.new_loads; delete from trueup.changed_days")


def _describe(
    con: duckdb.DuckDBPyConnection, company: Company, landing: Landing, declared: str
) -> None:
    """The company's and the sources' own words, for the models to join."""
    con.execute("delete from trueup.declared; insert into trueup.declared values (?)", [declared])
    con.execute("delete from trueup.set_aside_loads")
    for load_id in landing.rejected():
        con.execute("insert into trueup.set_aside_loads values (?)", [load_id])
    con.execute("delete from trueup.streams; delete from trueup.ad_platforms")
    for name, stream in _streams(company):
        con.execute(
            "insert into trueup.streams values (?, ?, ?, ?, ?, ?)",
            [name, stream.name, stream.kind, stream.bulk, stream.money is not None,
             stream.is_witness],
        )  # fmt: skip
    for source in load_all():
        if spoken := source.ad_platform:
            for kind in spoken.click_id_kinds or (None,):
                con.execute(
                    "insert into trueup.ad_platforms values (?, ?, ?, ?, ?)",
                    [source.name, spoken.link_source, spoken.source_pattern, kind,
                     spoken.is_click_paid],
                )  # fmt: skip
    tables.write(con, company)


def _streams(company: Company) -> Iterator[tuple[str, Stream]]:
    for name in sorted(company.sources):
        for stream in load_source(name).streams:
            yield name, stream


def _expected(con: duckdb.DuckDBPyConnection, company: Company) -> set[tuple[str, str, str]]:
    """Every stream and account (of files: feed) the company names, and feeds landed besides. A
    vendor's account that is listed no more was closed, or became another: nobody waits for it."""
    named = {(name, *part) for name in company.sources for part in company.parts(name)}
    landed = con.execute("select distinct source, stream, account from trueup.applied_loads")
    return named | {part for part in landed.fetchall() if load_source(part[0]).divide}


def _newest_day(con: duckdb.DuckDBPyConnection, company: Company) -> date:
    ends = _column(con, "select until from trueup.applied_loads")
    return max(ends) - timedelta(days=1) if ends else company.history.start


def _column(con: duckdb.DuckDBPyConnection, sql: str) -> set[Any]:
    return {row[0] for row in con.execute(sql).fetchall()}
