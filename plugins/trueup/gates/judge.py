"""Suites become verdicts: Great Expectations over DuckDB, at the landing and before publish.

A suite is a YAML file in GX's own form; its name is the stream's (`<source>__<stream>.yml`) or
the mart model's. Severity decides: a failed `critical` holds, a failed `warning` warns, and an
expectation that could not be evaluated is a gate-error. Results carry counts, never rows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import yaml

from trueup.build.lock import open_build
from trueup.errors import TrueupError
from trueup.gates import signals, verdicts
from trueup.gates.verdicts import Check, Outcome, Verdict
from trueup.landing.store import Landing
from trueup.sources import registry

#: Where a mart suite's table may live in the build file.
MART_SCHEMAS = ("marts", "health")
#: DuckDB's errors that speak of names and SQL; the text of any other may hold a row's value.
ABOUT_NAMES = ("Binder", "Catalog", "Parser")


def judge_landing(suites: Path, landing: Landing, source: str, load_ids: list[str]) -> Verdict:
    """The verdict on loads just committed; `failed_loads` are those of the streams that hold."""
    at = datetime.now(UTC)
    wanted = set(load_ids)
    checks: list[Check] = []
    failed: list[str] = []
    with TemporaryDirectory() as scratch:
        file = Path(scratch) / "landing.duckdb"
        by_stream = _tables(file, landing, source, wanted)
        with _datasource(file) as datasource:
            for stream, ids in by_stream.items():
                suite = suites / f"{source}__{stream}.yml"
                if not suite.exists():
                    continue
                found = list(_run(datasource, suite, stream, "main", f"landing/{source}", at))
                checks += found
                if any(check.verdict == "hold" for check in found):
                    failed += ids
    return Verdict(f"landing/{source}", tuple(checks), at, tuple(failed))


def judge_mart(suites: Path, build_file: Path) -> Verdict:
    """The verdict on the built marts. Scores the tracking signals first, as suites read them."""
    at = datetime.now(UTC)
    build_id = completed_build(build_file)
    checks: list[Check] = []
    with open_build(build_file) as con:
        try:
            signals.score(con)
        except Exception as error:  # whatever it is, the data is not to blame
            checks.append(_gate_error("mart", "fct_tracking_signals", error, at))
        tables = dict(
            con.execute(
                "select table_name, table_schema from information_schema.tables"
                " where table_schema in (select unnest($schemas))",
                {"schemas": list(MART_SCHEMAS)},
            ).fetchall()
        )
    with _datasource(build_file) as datasource:
        for suite in sorted(suites.glob("*.yml")):
            schema = tables.get(suite.stem, MART_SCHEMAS[0])
            checks += _run(datasource, suite, suite.stem, schema, "mart", at)
    return Verdict("mart", tuple(checks), at, build_id=build_id)


def completed_build(build_file: Path) -> str:
    """The id of the build in the file. Raises TrueupError unless that build was completed: a file
    whose build was killed or failed holds marts of two builds."""
    if not build_file.exists():
        raise TrueupError("nothing is built yet", next_step="run `trueup build`")
    with open_build(build_file, read_only=True) as con:
        try:
            found = con.execute(
                "select build_id"
                " from trueup.build inner join trueup.completed_builds using (build_id)"
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
            # The first line of a file is about the whole verdict and has no suite.
            con.execute(
                "insert into trueup.gate_results by name from read_json("
                f"$files, format = 'newline_delimited', columns = {{{kinds}}})"
                " where suite is not null",
                {"files": files},
            )


def _tables(file: Path, landing: Landing, source: str, wanted: set[str]) -> dict[str, list[str]]:
    """One table per stream with the rows of the wanted loads; stream -> its load ids."""
    by_stream: dict[str, list[str]] = {}
    since = date.fromisoformat(min(wanted)[:8]) if wanted else None
    with duckdb.connect(str(file)) as con:
        landing.attach_to(con)
        for stream in registry.load(source).streams:
            loads = [
                x for x in landing.loads(source, stream.name, since=since) if x.load_id in wanted
            ]
            files = [landing.url(file.name) for load in loads for file in load.files]
            if files:
                con.execute(f"create table {stream.name} as from read_parquet($f)", {"f": files})
                by_stream[stream.name] = [load.load_id for load in loads]
    return by_stream


@contextmanager
def _datasource(file: Path) -> Iterator[Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from trueup.gates import gx_duckdb  # noqa: F401 -- registers the datasource type

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    datasource = context.data_sources.add_duckdb(
        file.stem,
        connection_string=f"duckdb:///{file}",
        kwargs={"connect_args": {"read_only": True}},
    )
    try:
        yield datasource
    finally:
        # GX inspects through one SQLAlchemy engine and measures through another; the file stays
        # open, and so locked, until both let go.
        measuring = datasource.get_execution_engine()
        if measuring._connection:
            measuring._connection.close()
        measuring.engine.dispose()
        datasource.get_engine().dispose()


def _run(
    datasource: Any, path: Path, table: str, schema: str, gate: str, at: datetime
) -> Iterator[Check]:
    """The suite's checks on one table; whatever stops GX itself is a gate-error of the suite."""
    try:
        suite = _read_suite(path)
        asset = datasource.add_table_asset(f"{schema}.{table}", table, schema)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        results = batch.validate(suite, result_format="SUMMARY").results
    except Exception as error:  # whatever GX raises, the data is not to blame
        yield _gate_error(gate, path.stem, error, at)
        return
    for result in results:
        yield _check(result, gate, path.stem, at)


def _read_suite(path: Path) -> Any:
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    content = yaml.safe_load(path.read_text("utf-8"))
    return gx.ExpectationSuite(
        name=content["name"],
        expectations=[
            ExpectationConfiguration(
                type=entry["type"],
                kwargs=entry.get("kwargs", {}),
                severity=entry["severity"],
                meta=entry.get("meta"),
            ).to_domain_obj()
            for entry in content["expectations"]
        ],
    )


def _check(result: Any, gate: str, suite: str, at: datetime) -> Check:
    config = result.expectation_config
    meta = config.meta or {}
    severity = getattr(config.severity, "value", config.severity)
    errors = _exceptions(result.exception_info)
    verdict: Outcome
    if errors:
        verdict = "gate-error"
    elif result.success:
        verdict = "pass"
    else:
        verdict = "hold" if severity == "critical" else "warn"
    return Check(
        gate=gate,
        suite=suite,
        expectation=config.type,
        column_name=config.kwargs.get("column"),
        severity=str(severity),
        verdict=verdict,
        observed=errors or _observed(result.result),
        checked_at=at.isoformat(),
        why=meta.get("why", ""),
        runbook=meta.get("runbook", ""),
    )


def _exceptions(info: Any) -> str:
    """GX nests one entry per failed metric, or is flat for the expectation itself."""
    entries = [info] if "raised_exception" in (info or {}) else list((info or {}).values())
    raised = [entry for entry in entries if entry.get("raised_exception")]
    return _brief(raised[0].get("exception_message")) if raised else ""


def _observed(result: dict[str, Any]) -> str:
    if "unexpected_count" in result:
        return f"{result['unexpected_count']} of {result.get('element_count', '?')} rows"
    return str(result.get("observed_value", ""))


def _gate_error(gate: str, suite: str, error: Exception, at: datetime) -> Check:
    kind = type(error).__name__
    return Check(
        gate, suite, kind, None, "critical", "gate-error", _brief(error), at.isoformat()
    )  # fmt: skip


def _brief(error: Any) -> str:
    """The start of an error's text, up to where it may quote what a row holds."""
    text = " ".join(str(error).split())
    kind = re.search(r"\b(\w+(?: \w+)*) Error:", text)
    if kind and not kind[1].endswith(ABOUT_NAMES):
        text = text[: kind.end() - 1]
    return text[:200]
