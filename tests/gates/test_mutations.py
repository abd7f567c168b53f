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
from trueup import pipeline
from trueup.gates import intake_rows, landing_gate
from trueup.gates import suites as gx
from trueup.gates.findings import Finding
from trueup.gates.landing_gate import Standard
from trueup.gates.measures import Failure, measured
from trueup.gates.suites import Subject
from trueup.landing.store import Landing
from trueup.sources import registry

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
SEVERITY = {"critical": "hold", "warning": "warn"}
#: Schemas the mart suites read, copied as tables so that each mutant is small and free.
SCHEMAS = ("marts", "health", "trueup", "company")


def id_of(expectation: Expectation) -> str:
    return f"{expectation.suite}: {expectation.why or expectation.type}"


def failing(findings: list[Finding]) -> dict[tuple[str, str, str], str]:
    """The verdict of every finding that did not pass, by what tells it apart."""
    return {
        (finding.signal, finding.check_name, finding.why): finding.verdict
        for finding in findings
        if finding.verdict != "pass"
    }


def alone(wanted: Expectation) -> dict[tuple[str, str, str], str]:
    """What is found where that expectation fails, and no other."""
    is_query = wanted.type == gx.QUERY
    name = wanted.why if is_query else wanted.type
    return {(wanted.kwargs.get("column") or "", name, wanted.why): SEVERITY[wanted.severity]}


def run(datasource: Any, wanted: Expectation, schema: str, table: str) -> list[Failure]:
    """What the suite of an expectation finds in a table."""
    subject = Subject("mart", wanted.suite, schema, table, f"{schema}.{table}", AT)
    return list(gx.run(datasource, wanted.path, subject))


@pytest.fixture(scope="module")
def datasources() -> Iterator[Callable[[Path], Any]]:
    """Opens the gate's datasource on a file; each file's is opened once and closed at the end."""
    opened: dict[Path, Any] = {}
    with ExitStack() as stack:

        def open_once(file: Path) -> Any:
            if file not in opened:
                opened[file] = stack.enter_context(gx.datasource(file))
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
            write_streams(file, landing, source)
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


def write_streams(file: Path, landing: Landing, source: str) -> None:
    """One table per stream with the rows of every load."""
    with duckdb.connect(str(file)) as con:
        for stream in registry.load(source).streams:
            loads = landing.loads(source, stream.name)
            names = [landing.url(file.name) for load in loads for file in load.files]
            if names:
                con.read_parquet(names, union_by_name=True).create(stream.name)


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
    loads = [
        load
        for stream in registry.load(source).streams
        for load in landing.loads(source, stream.name)
    ]
    folder = suites.FOLDER / "landing"

    def standard(stream: str, _: str) -> Standard:
        return Standard(repeats=registry.load(source).stream(stream).repeats)

    verdict = landing_gate.judge(folder, landing, source, loads, standard)
    wanted = [one for one in suites.read("landing") if one.suite.startswith(f"{source}__")]
    found = {
        (one.table_name, one.signal, one.check_name, one.why)
        for one in verdict.findings
        if one.check_name != intake_rows.LOST.name
    }
    assert verdict.failed == ()
    assert (verdict.outcome, len(found)) == ("pass", len(wanted))


def test_good_rows_of_files_pass(tmp_path: Path, datasources: Any):
    files_rows.write(tmp_path / "files.duckdb")
    for wanted in {one.suite: one for one in suites.read("landing")}.values():
        source, _, stream = wanted.suite.partition("__")
        if source == "files":
            found = run(datasources(tmp_path / "files.duckdb"), wanted, "main", stream)
            assert found and failing([one.finding for one in found]) == {}


def test_a_good_build_passes(built_company: built.Company, tmp_path: Path):
    copy = built_company.copy_to(tmp_path)
    with copy.in_force():
        verdict = pipeline.gate_mart()
    assert (verdict.outcome, verdict.failed) == ("pass", ())
    assert len(verdict.findings) > len(suites.read("mart"))


@pytest.mark.parametrize("expectation", suites.read("landing"), ids=id_of)
def test_a_spoilt_load_fails_one_expectation(
    expectation: Expectation, spoilt_streams: Any, datasources: Any
):
    source = expectation.suite.partition("__")[0]
    file, tables = spoilt_streams(source)
    found = run(datasources(file), expectation, "main", tables[expectation.name])
    assert failing([one.finding for one in found]) == alone(expectation)


@pytest.mark.parametrize("source", [*VENDORS, "files"])
def test_the_rows_an_expectation_objects_to_can_be_counted_and_seen(
    source: str, spoilt_streams: Any, tmp_path: Path
):
    """The SQL a person is given selects what the expectation found. On a copy: other tests keep
    the file itself open."""
    spoilt, tables = spoilt_streams(source)
    file = tmp_path / "spoilt.duckdb"
    file.write_bytes(spoilt.read_bytes())
    todo = [one for one in suites.read("landing") if one.suite.startswith(f"{source}__")]
    with gx.datasource(file) as datasource:
        found = [
            failure
            for one in todo
            for failure in run(datasource, one, "main", tables[one.name])
            if failure.finding.verdict != "pass"
        ]
    assert len(found) == len(todo)
    with duckdb.connect(str(file), read_only=True) as con:
        for failure in found:
            (finding,) = measured(con, [failure], lambda sql: f"trueup query {sql}")
            assert finding.affected_rows, failure
            assert finding.query == f"trueup query {failure.seen_sql}"


@pytest.mark.parametrize("expectation", suites.read("mart"), ids=id_of)
def test_a_spoilt_build_fails_one_expectation(
    expectation: Expectation, slim_build: Path, tmp_path: Path
):
    file = tmp_path / "spoilt.duckdb"
    file.write_bytes(slim_build.read_bytes())
    with duckdb.connect(str(file)) as con:
        schema = con.execute(
            "select table_schema from information_schema.tables where table_name = ?",
            [expectation.suite],
        ).fetchone()[0]
        spoil(con, expectation, f"{schema}.{expectation.suite}", mart_mutations.WRITTEN)
    with gx.datasource(file) as datasource:
        found = run(datasource, expectation, schema, expectation.suite)
    assert failing([one.finding for one in found]) == alone(expectation)
    with duckdb.connect(str(file), read_only=True) as con:
        spoilt = [one for one in found if one.finding.verdict != "pass"]
        assert all(one.affected_rows is not None for one in measured(con, spoilt, str))


@pytest.mark.parametrize(
    ("layer", "written"),
    [("landing", landing_mutations.WRITTEN), ("mart", mart_mutations.WRITTEN)],
)
def test_no_mutation_outlives_its_expectation(layer: str, written: Any):
    expected = {(one.suite, one.why) for one in suites.read(layer)}
    assert {(suite, why) for suite, whys in written.items() for why in whys} <= expected
