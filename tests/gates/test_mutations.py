"""Every expectation has been seen to fail, alone and at its severity; good data passes them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

import built
from gates import files_rows, landing_mutations, mart_mutations, suites
from gates.mutations import spoil
from gates.suites import Expectation
from trueup.gates import judge
from trueup.gates.verdicts import Check
from trueup.landing.store import Landing

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
SEVERITY = {"critical": "hold", "warning": "warn"}
#: Schemas the mart suites read, copied as tables so that each mutant is small and free.
SCHEMAS = ("marts", "health", "trueup", "company")


def id_of(expectation: Expectation) -> str:
    return f"{expectation.suite}: {expectation.why or expectation.type}"


def failing(checks: list[Check]) -> dict[tuple[str, str, str | None, str], str]:
    """The verdict of every check that did not pass, by what tells it apart."""
    return {
        (check.suite, check.expectation, check.column_name, check.why): check.verdict
        for check in checks
        if check.verdict != "pass"
    }


@pytest.fixture(scope="module")
def datasources() -> Iterator[Callable[[Path], Any]]:
    """Opens the gate's datasource on a file; each file's is opened once and closed at the end."""
    opened: dict[Path, Any] = {}
    with ExitStack() as stack:

        def open_once(file: Path) -> Any:
            if file not in opened:
                opened[file] = stack.enter_context(judge._datasource(file))
            return opened[file]

        yield open_once


@pytest.fixture(scope="module")
def spoilt_streams(
    landed_company: built.Company, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, dict[Any, str]]]:
    """source -> a file with one spoilt copy of a stream's table per expectation, and its name."""
    folder = tmp_path_factory.mktemp("spoilt")
    landing = Landing(str(landed_company.place.landing))
    made: dict[str, tuple[Path, dict[Any, str]]] = {}

    def make(source: str) -> tuple[Path, dict[Any, str]]:
        if source in made:
            return made[source]
        file, tables = folder / f"{source}.duckdb", {}
        if source == "files":
            files_rows.write(file)
        else:
            judge._tables(file, landing, source, {load.load_id for load in _loads(landing, source)})
        with duckdb.connect(str(file)) as con:
            for number, expectation in enumerate(suites.read("landing")):
                name, _, stream = expectation.suite.partition("__")
                if name != source:
                    continue
                table = tables[expectation.name] = f"{stream}__{number}"
                con.execute(f"create table {table} as from {stream}")
                spoil(con, expectation, table, landing_mutations.WRITTEN)
        made[source] = file, tables
        return made[source]

    return make


@pytest.fixture(scope="module")
def slim_build(built_company: built.Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built file with every table the mart suites read, and nothing else."""
    file = tmp_path_factory.mktemp("slim") / "slim.duckdb"
    # dbt's views name their own catalog, which is the file's name.
    with duckdb.connect(str(file)) as con:
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        for schema in SCHEMAS:
            con.execute(f"create schema {schema}")
            for (table,) in con.execute(
                "select table_name from information_schema.tables"
                " where table_catalog = 'build' and table_schema = ?",
                [schema],
            ).fetchall():
                con.execute(f"create table {schema}.{table} as from build.{schema}.{table}")
    return file


VENDORS = sorted({name.split("__")[0] for name in suites.names("landing")} - {"files"})


@pytest.mark.parametrize("source", VENDORS)
def test_good_loads_pass(landed_company: built.Company, source: str):
    landing = Landing(str(landed_company.place.landing))
    ids = [load.load_id for load in _loads(landing, source)]
    verdict = judge.judge_landing(suites.FOLDER / "landing", landing, source, ids)
    wanted = [one for one in suites.read("landing") if one.suite.startswith(f"{source}__")]
    assert (verdict.outcome, verdict.failed, len(verdict.checks)) == ("pass", (), len(wanted))


def test_good_rows_of_files_pass(tmp_path: Path, datasources: Any):
    files_rows.write(tmp_path / "files.duckdb")
    for name in suites.names("landing"):
        source, _, stream = name.partition("__")
        if source == "files":
            datasource = datasources(tmp_path / "files.duckdb")
            path = suites.path("landing", name)
            checks = list(judge._run(datasource, path, stream, "main", "landing", AT))
            assert (failing(checks), bool(checks)) == ({}, True)


def test_a_good_build_passes(built_company: built.Company, tmp_path: Path):
    copy = built_company.copy_to(tmp_path)
    verdict = judge.judge_mart(suites.FOLDER / "mart", copy.place.build_file)
    wanted = suites.read("mart")
    assert (verdict.outcome, verdict.failed, len(verdict.checks)) == ("pass", (), len(wanted))


@pytest.mark.parametrize("expectation", suites.read("landing"), ids=id_of)
def test_a_spoilt_load_fails_one_expectation(
    expectation: Expectation, spoilt_streams: Any, datasources: Any
):
    source = expectation.suite.partition("__")[0]
    file, tables = spoilt_streams(source)
    table = tables[expectation.name]
    checks = judge._run(datasources(file), expectation.path, table, "main", "landing", AT)
    assert failing(list(checks)) == {expectation.name: SEVERITY[expectation.severity]}


@pytest.mark.parametrize("expectation", suites.read("mart"), ids=id_of)
def test_a_spoilt_build_fails_one_expectation(
    expectation: Expectation, slim_build: Path, tmp_path: Path, datasources: Any
):
    file = tmp_path / "spoilt.duckdb"
    file.write_bytes(slim_build.read_bytes())
    with duckdb.connect(str(file)) as con:
        schema = con.execute(
            "select table_schema from information_schema.tables where table_name = ?",
            [expectation.suite],
        ).fetchone()[0]
        spoil(con, expectation, f"{schema}.{expectation.suite}", mart_mutations.WRITTEN)
    with judge._datasource(file) as datasource:
        checks = judge._run(datasource, expectation.path, expectation.suite, schema, "mart", AT)
        assert failing(list(checks)) == {expectation.name: SEVERITY[expectation.severity]}


@pytest.mark.parametrize(
    ("layer", "written"),
    [("landing", landing_mutations.WRITTEN), ("mart", mart_mutations.WRITTEN)],
)
def test_no_mutation_outlives_its_expectation(layer: str, written: Any):
    expected = {(one.suite, one.why) for one in suites.read(layer)}
    assert {(suite, why) for suite, whys in written.items() for why in whys} <= expected


def _loads(landing: Any, source: str) -> list[Any]:
    from trueup.sources import registry

    return [
        load
        for stream in registry.load(source).streams
        for load in landing.loads(source, stream.name)
    ]
