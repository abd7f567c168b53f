"""A full build beside the incremental one: whatever differs is a bug in a model.

Both are held against each other table by table and day by day, as publishing does it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from trueup.build import dbt, lock, refresh
from trueup.build.lock import open_build
from trueup.company.company_file import Company
from trueup.company.workspace import Workspace
from trueup.errors import TrueupError, UnfitData
from trueup.landing.store import Landing
from trueup.publish import mart_copy

#: What the gates write after a build; a file that was never judged has none of it.
WRITTEN_BY_GATES = frozenset({"fct_gate_results", "fct_incidents", "fct_tracking_signals"})
#: ... and columns of other tables.
MARKED_BY_GATES = frozenset({"tracking_health", "incident_id"})
EXAMPLES = 3
#: How many differences a message names.
NAMED = 5


@dataclass(frozen=True)
class Held:
    """A completed build: its marts in a file of their own, and the loads it was made from."""

    marts: Path
    build_id: str
    built_at: datetime
    through_date: date
    loads: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """One day of a table that the two builds have different rows of. `day` is empty where the
    table has no days, or the row has none."""

    table: str
    day: str
    incremental_rows: int
    full_rows: int
    examples: str

    def __str__(self) -> str:
        when = f" {self.day}" if self.day else ""
        return (
            f"{self.table}{when}: {self.incremental_rows:,} rows incremental,"
            f" {self.full_rows:,} in full, such as {self.examples}"
        )


def run(work: Workspace, *, progress: Callable[[str], None] = print) -> None:
    """Build afresh from the loads the build file holds and compare. Raises UnfitData naming the
    tables and days that differ; the two builds then stay for a person to look into."""
    folder, code = work.state.comparison, dbt.fingerprint(work.settings.dbt_project)
    folder.mkdir(parents=True, exist_ok=True)
    with lock.in_turn(work.state.build_file, "compare"):
        held = hold(work.state.build_file, work.company, code, folder / "incremental.duckdb")
    full = folder / "full.duckdb"
    rebuild(held, work.company, work.landing, code, full)
    dbt.build(
        work.settings.dbt_project,
        full,
        folder / "dbt",
        sources=work.company.sources,
        progress=progress,
    )
    if found := differences(held.marts, full):
        tables = {one.table for one in found}
        raise UnfitData(
            f"build {held.build_id} is not what a full build of the same loads gives",
            got=f"{len(found)} days of {len(tables)} tables differ: "
            + "; ".join(str(one) for one in found[:NAMED]),
            next_step=f"remove {work.state.build_file}, and the next build makes it anew; then mend"
            f" the models that missed a change, both builds are in {folder}",
        )
    shutil.rmtree(folder)
    print(f"build {held.build_id} is what a full build of its {len(held.loads)} loads gives")


def hold(build_file: Path, company: Company, code: str, into: Path) -> Held:
    """Copy the marts of a completed build. Raises TrueupError where the next build would begin
    from nothing anyway: there is no sequence of builds to compare with then."""
    with open_build(build_file, read_only=True) as con:
        built = con.execute(
            "select build_id, built_at, through_date"
            " from trueup.build inner join trueup.completed_builds using (build_id, built_at,"
            " through_date)"
        ).fetchone()
        signature = con.execute("from trueup.declared").fetchone()
        loads = con.execute("select load_id from trueup.applied_loads").fetchall()
    if not built or signature != (refresh.signature(company, code),):
        raise TrueupError(
            "there is nothing to compare: the newest build did not complete, or the models, the"
            " company file or the declared streams have changed since",
            next_step="run `trueup build`, then compare again",
        )
    into.unlink(missing_ok=True)
    mart_copy.make(build_file, into, like=into)
    build_id, built_at, through_date = built
    known = frozenset(str(load_id) for (load_id,) in loads)
    return Held(into, build_id, built_at, through_date, known)


def rebuild(held: Held, company: Company, landing: Landing, code: str, into: Path) -> None:
    """A full build's raw tables in the file `into`, from the loads of `held`."""
    into.unlink(missing_ok=True)
    built = refresh.refresh(
        into, company, landing,
        built_at=held.built_at, code=code, through=held.through_date, only=held.loads,
    )  # fmt: skip
    if built.new_loads != len(held.loads):
        raise TrueupError(
            "loads were set aside since the newest build; there is nothing to compare",
            expected=f"{len(held.loads)} loads",
            got=f"{built.new_loads}",
            next_step="run `trueup build`, then compare again",
        )


def differences(incremental: Path, full: Path) -> list[Difference]:
    """Every table and day whose rows are not the same in both, health tables included."""
    found: list[Difference] = []
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {mart_copy.quoted(incremental)} as incremental (read_only)")
        # Views of a build file name their database, which is called like the file.
        con.execute(f'attach {mart_copy.quoted(full)} as "{full.stem}" (read_only)')
        for schema, table in con.execute(
            "select distinct table_schema, table_name from information_schema.tables"
            " where table_schema in (select unnest($schemas)) order by all",
            {"schemas": list(mart_copy.SCHEMAS)},
        ).fetchall():
            if table not in WRITTEN_BY_GATES:
                found += _compare(con, f'"{full.stem}"', f"{schema}.{table}")
    return found


def _compare(con: duckdb.DuckDBPyConnection, full: str, table: str) -> list[Difference]:
    columns = [_columns(con, f"{database}.{table}") for database in ("incremental", full)]
    if columns[0] != columns[1]:
        counts = [len(one) for one in columns]
        return [Difference(table, "", counts[0], counts[1], "other columns")]
    names = ", ".join(f'"{name}"' for name, _ in columns[0] if name not in MARKED_BY_GATES)
    day = next((f'"{name}"' for name, kind in columns[0] if kind == "DATE"), "null::date")
    digest = (
        f"select {day} as day, count(*) as n, sum(hash({names})) as digest"
        f" from {{}}.{table} group by 1"
    )
    rows = con.execute(
        f"""
        select coalesce(one.day, other.day), coalesce(one.n, 0), coalesce(other.n, 0)
        from ({digest.format("incremental")}) as one
        full join ({digest.format(full)}) as other
            on one.day is not distinct from other.day
        where (one.n, one.digest) is distinct from (other.n, other.digest)
        order by 1
        """
    ).fetchall()
    return [
        Difference(table, str(at or ""), one, other, _examples(con, full, table, day, at))
        for at, one, other in rows
    ]


def _examples(
    con: duckdb.DuckDBPyConnection, full: str, table: str, day: str, at: date | None
) -> str:
    on_day = f"{day} is not distinct from $at"
    found = con.execute(
        f"""
        (select 'incremental' as build, * from incremental.{table} where {on_day}
         except all select 'incremental', * from {full}.{table} where {on_day}
         order by all limit {EXAMPLES})
        union all
        (select 'full' as build, * from {full}.{table} where {on_day}
         except all select 'full', * from incremental.{table} where {on_day}
         order by all limit {EXAMPLES})
        """,
        {"at": at},
    )
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return json.dumps(_telling(rows), default=str)


def _telling(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows less what says nothing: columns that are null in all of them."""
    names = rows[0] if rows else {}
    kept = [name for name in names if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in kept} for row in rows]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    try:
        return [(name, kind) for name, kind, *_ in con.execute(f"describe {table}").fetchall()]
    except duckdb.CatalogException:
        return []
