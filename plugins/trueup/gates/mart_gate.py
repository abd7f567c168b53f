"""The mart's gate: suites, dbt's tests and shares of rows set aside, in one verdict on a build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from trueup.build import dbt_results
from trueup.build.dbt_results import Node
from trueup.build.lock import open_build
from trueup.company.workspace import Workspace
from trueup.errors import TrueupError
from trueup.gates import accepted, dbt_tests, row_accounts, signals, suites, verdicts
from trueup.gates.accepted import Accepted
from trueup.gates.causes.diagnose import diagnose
from trueup.gates.findings import Finding, Verdict, on_build
from trueup.gates.measures import Failure, measured
from trueup.gates.shares import Tolerance
from trueup.gates.signals import OverWhole
from trueup.gates.suites import Subject

SIGNALS = "fct_tracking_signals"
#: Where a mart suite's table may live in the build file.
MART_SCHEMAS = ("marts", "health")


def judge_built(work: Workspace) -> Verdict:
    """Judge the build of the company and keep the verdict."""
    build_id = completed_build(work.state.build_file)
    allowed = work.company.tolerances
    verdict = judge(
        work.settings.expectations / "mart",
        work.state.build_file,
        dbt_results.kept(work.state.dbt, build_id),
        published=work.state.mart,
        tolerance=Tolerance(allowed.warn_share, allowed.hold_share),
        levels=accepted.read(work.state.folder),
    )
    verdicts.keep(work.state.gates, verdict)
    print(verdict.summary())
    return verdict


def judge(
    folder: Path,
    build_file: Path,
    tests: Sequence[Node] | None,
    *,
    published: Path,
    tolerance: Tolerance,
    levels: Sequence[Accepted] = (),
) -> Verdict:
    """The verdict on the built marts: by the suites in `folder`, by what dbt's `tests` came to and
    by how much of the rows is lost, as far as the `published` mart does not show it already.
    Scores the tracking signals first and finds their causes, as suites read both; `levels` a
    person accepted re-base signals.
    """
    at = datetime.now(UTC)
    found: list[Finding] = []
    _require(build_file)
    # To open the file of a small company takes as long as to look into it.
    with open_build(build_file) as con:
        build_id = _completed(con)
        found += _diagnosed(con, levels, at)
        tables = _tables(con)
    failures = _run(folder, build_file, tables, at)
    with open_build(build_file, read_only=True) as con:
        found += measured(con, failures, on_build)
        found += dbt_tests.findings(con, tests, at)
        found += row_accounts.findings(con, published, tolerance, at)
    return Verdict("mart", tuple(found), at, build_id=build_id)


def _diagnosed(
    con: duckdb.DuckDBPyConnection, levels: Sequence[Accepted], at: datetime
) -> list[Finding]:
    """Score the signals, then find their causes; a gate-error of the first that cannot run. What it
    was to write is then what the last verdict wrote."""
    table = SIGNALS
    try:
        impossible = signals.score(con, levels)
        table = "fct_incidents"
        diagnose(con)
    except Exception as error:  # whatever it is, the data is not to blame
        return [suites.gate_error("mart", table, error, at)]
    return [_impossible(one, at) for one in impossible]


def _impossible(part: OverWhole, at: datetime) -> Finding:
    """A share that cannot be: one of the two counts is wrong, whatever its ratio says."""
    return Finding(
        gate="mart",
        check_name="a part no larger than its whole",
        table_name=SIGNALS,
        severity="warning",
        verdict="warn",
        checked_at=at,
        signal=part.signal,
        segment=part.segment,
        why="A part of something is counted higher than the whole; its days are judged as a rate",
        observed=f"on {part.days} of the newest {signals.NEWEST_DAYS} days",
        since_date=part.first_day,
        query=on_build(
            "select * from health.fct_tracking_signals where numerator > denominator"
            f" and signal = '{part.signal}' order by signal_date desc"
        ),
        runbook="docs/runbook.md#tracking",
    )


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The schema of each table that a suite may be of."""
    found = con.execute(
        "select table_name, table_schema from information_schema.tables"
        " where table_schema in (select unnest($schemas))",
        {"schemas": list(MART_SCHEMAS)},
    ).fetchall()
    return dict(found)


def _run(folder: Path, build_file: Path, tables: Mapping[str, str], at: datetime) -> list[Failure]:
    """What the suites find in the marts of their names."""
    failures: list[Failure] = []
    with suites.datasource(build_file) as datasource:
        for suite in sorted(folder.glob("*.yml")):
            schema = tables.get(suite.stem, MART_SCHEMAS[0])
            seen_as = f"{schema}.{suite.stem}"
            subject = Subject("mart", suite.stem, schema, suite.stem, seen_as, at)
            failures += suites.run(datasource, suite, subject)
    return failures


def completed_build(build_file: Path) -> str:
    """The id of the build in the file. Raises TrueupError unless that build was completed: a file
    whose build was killed or failed holds marts of two builds."""
    _require(build_file)
    with open_build(build_file, read_only=True) as con:
        return _completed(con)


def _require(build_file: Path) -> None:
    if not build_file.exists():
        raise TrueupError("nothing is built yet", next_step="run `trueup build`")


def _completed(con: duckdb.DuckDBPyConnection) -> str:
    try:
        found = con.execute(
            "select build_id from trueup.build inner join trueup.completed_builds using (build_id)"
        ).fetchone()
    except duckdb.CatalogException:  # killed before it had written anything
        found = None
    if not found:
        raise TrueupError("the newest build did not complete", next_step="run `trueup build`")
    return str(found[0])


def load_results(folder: Path, build_file: Path) -> None:
    """Put the record of verdicts where the models read it."""
    with open_build(build_file) as con:
        con.execute("delete from trueup.gate_results")
        if files := [str(path) for path in verdicts.files(folder)]:
            columns = con.execute("describe trueup.gate_results").fetchall()
            kinds = ", ".join(f"{name}: '{kind}'" for name, kind, *_ in columns)
            # The first line of a file is about the whole verdict and names no check.
            con.execute(
                "insert into trueup.gate_results by name from read_json("
                f"$files, format = 'newline_delimited', columns = {{{kinds}}})"
                " where check_name is not null",
                {"files": files},
            )
