"""Suites become verdicts: Great Expectations over DuckDB, at the landing and before publish.

A suite is a YAML file in GX's own form; its name is the stream's (`<source>__<stream>.yml`) or
the mart model's. Severity decides: a failed `critical` holds, a failed `warning` warns, and an
expectation that could not be evaluated is a gate-error. Results carry counts, never rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import yaml

from trueup import signals, sources
from trueup.landing import Landing
from trueup.verdicts import Check, Outcome, Verdict, recent, rows

#: Where a mart suite's table may live in the build file.
MART_SCHEMAS = ("marts", "health")


def judge_landing(suites: Path, landing: Landing, source: str, load_ids: list[str]) -> Verdict:
    """The verdict on loads just committed; `failed_loads` are those of the streams that hold."""
    at = datetime.now(UTC)
    wanted = set(load_ids)
    checks: list[Check] = []
    failed: list[str] = []
    with TemporaryDirectory() as scratch:
        file = Path(scratch) / "landing.duckdb"
        by_stream = _views(file, landing, source, wanted)
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
    with duckdb.connect(str(build_file)) as con:
        signals.score(con)
        tables = dict(
            con.execute(
                "select table_name, table_schema from information_schema.tables"
                " where table_schema in (select unnest($schemas))",
                {"schemas": list(MART_SCHEMAS)},
            ).fetchall()
        )
    checks: list[Check] = []
    with _datasource(build_file) as datasource:
        for suite in sorted(suites.glob("*.yml")):
            schema = tables.get(suite.stem, MART_SCHEMAS[0])
            checks += _run(datasource, suite, suite.stem, schema, "mart", at)
    return Verdict("mart", tuple(checks), at)


def load_results(folder: Path, build_file: Path) -> None:
    """Put the record of verdicts where the models read it."""
    with duckdb.connect(str(build_file)) as con:
        con.execute("delete from trueup.gate_results")
        found = rows(recent(folder))
        if found:
            marks = ", ".join("?" for _ in found[0])
            con.executemany(f"insert into trueup.gate_results values ({marks})", found)


def _views(file: Path, landing: Landing, source: str, wanted: set[str]) -> dict[str, list[str]]:
    """One table per stream with the rows of the wanted loads; stream -> its load ids."""
    by_stream: dict[str, list[str]] = {}
    with duckdb.connect(str(file)) as con:
        landing.attach_to(con)
        for stream in sources.load(source).streams:
            loads = [x for x in landing.loads(source, stream.name) if x.load_id in wanted]
            files = [landing.url(name) for load in loads for name in load.files]
            if files:
                con.execute(f"create table {stream.name} as from read_parquet($f)", {"f": files})
                by_stream[stream.name] = [load.load_id for load in loads]
    return by_stream


@contextmanager
def _datasource(file: Path) -> Iterator[Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from trueup import gx_duckdb  # noqa: F401 -- registers the datasource type

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
        yield Check(
            gate, path.stem, type(error).__name__, None, "critical", "gate-error",
            _brief(error), at.isoformat(),
        )  # fmt: skip
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


def _brief(error: Any) -> str:
    return " ".join(str(error).split())[:200]
