"""Suites of expectations, run by Great Expectations on DuckDB: a YAML file in GX's own form.

A suite's name is the stream's (`<source>__<stream>.yml`) or the mart model's. What fails is
measured afterwards (measures.py), once GX has let go of the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import yaml

from trueup.gates.findings import Finding, Severity, counted, outcome_of
from trueup.gates.measures import Failure

#: DuckDB's errors that speak of names and SQL; the text of any other may hold a row's value.
ABOUT_NAMES = ("Binder", "Catalog", "Parser")
GATE_ERRORS = "docs/runbook.md#gate-errors"
QUERY = "unexpected_rows_expectation"


@dataclass(frozen=True)
class Subject:
    """What a suite is run on: the table `schema`.`relation` of the file, called `table_name` in
    findings. A person sees its rows as `seen_as`."""

    gate: str
    table_name: str
    schema: str
    relation: str
    seen_as: str
    at: datetime
    segment: str = ""


@contextmanager
def datasource(file: Path) -> Iterator[Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from trueup.gates import gx_duckdb  # noqa: F401 -- registers the datasource type

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    opened: Any = context.data_sources.add_duckdb(
        file.stem,
        # A URL's path: per cents are undone, and dollars would be taken for variables.
        connection_string=f"duckdb:///{quote(str(file))}",
        kwargs={"connect_args": {"read_only": True}},
    )
    try:
        yield opened
    finally:
        # GX inspects through one SQLAlchemy engine and measures through another; the file stays
        # open, and so locked, until both let go.
        measuring = opened.get_execution_engine()
        if measuring._connection:
            measuring._connection.close()
        measuring.engine.dispose()
        opened.get_engine().dispose()


def run(source: Any, path: Path, subject: Subject) -> Iterator[Failure]:
    """What the suite at `path` finds; whatever stops GX itself is a gate-error of the suite."""
    try:
        suite = _read(path)
        asset = source.add_table_asset(
            f"{subject.schema}.{subject.relation}", subject.relation, subject.schema
        )
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        results = batch.validate(suite, result_format="SUMMARY").results
    except Exception as error:  # whatever GX raises, the data is not to blame
        yield Failure(gate_error(subject.gate, subject.table_name, error, subject.at))
        return
    for result in results:
        yield _judged(result, subject)


def gate_error(gate: str, table_name: str, error: object, at: datetime) -> Finding:
    """The gate could not look at the table."""
    return Finding(
        gate=gate,
        check_name=type(error).__name__,
        table_name=table_name,
        severity="critical",
        verdict="gate-error",
        checked_at=at,
        why="the check could not run",
        observed=brief(error),
        runbook=GATE_ERRORS,
    )


def brief(error: object) -> str:
    """The start of an error's text, up to where it may quote what a row holds."""
    text = " ".join(str(error).split())
    kind = re.search(r"\b(\w+(?: \w+)*) Error:", text)
    if kind and not kind[1].endswith(ABOUT_NAMES):
        text = text[: kind.end() - 1]
    return text[:200]


def _read(path: Path) -> Any:
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
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


def _judged(result: Any, subject: Subject) -> Failure:
    config = result.expectation_config
    meta: Mapping[str, str] = config.meta or {}
    severity = cast(Severity, str(getattr(config.severity, "value", config.severity)))
    errors = _exceptions(result.exception_info)
    failed = "gate-error" if errors else outcome_of(severity)
    why = meta.get("why", "")
    finding = Finding(
        gate=subject.gate,
        # Every query is of one type: what it looks for is said by its sentence alone.
        check_name=why if config.type == QUERY and why else config.type,
        table_name=subject.table_name,
        severity=severity,
        verdict="pass" if result.success and not errors else failed,
        checked_at=subject.at,
        signal=config.kwargs.get("column") or "",
        segment=subject.segment,
        why=why,
        observed=errors or _observed(config.type, result.result),
        runbook=GATE_ERRORS if errors else meta.get("runbook", ""),
    )
    if finding.verdict in ("pass", "gate-error"):
        return Failure(finding)
    return Failure(
        finding,
        sql=failing_rows(config, f"{subject.schema}.{subject.relation}"),
        seen_sql=failing_rows(config, subject.seen_as),
    )


def failing_rows(config: Any, relation: str) -> str:
    """SQL that selects from `relation` the rows an expectation objects to."""
    kwargs: Mapping[str, Any] = config.kwargs
    if config.type == QUERY:
        return str(kwargs["unexpected_rows_query"]).format(batch=relation)
    if condition := _condition(config.type, kwargs):
        return f"select * from {relation} where {condition}"
    return f"select count(*) as row_count from {relation}"


def _condition(kind: str, kwargs: Mapping[str, Any]) -> str:
    column = str(kwargs.get("column"))
    if not re.fullmatch("[a-z_][a-z0-9_]*", column):
        column = f'"{column}"'
    values = ", ".join(_literal(value) for value in kwargs.get("value_set", ()))
    match kind:
        case "expect_column_values_to_not_be_null":
            return f"{column} is null"
        case "expect_column_values_to_be_in_set":
            return f"{column} not in ({values})"
        case "expect_column_values_to_not_be_in_set":
            return f"{column} in ({values})"
        case "expect_column_value_lengths_to_equal":
            return f"length({column}) <> {kwargs['value']}"
        case "expect_column_value_lengths_to_be_between":
            return _outside(f"length({column})", kwargs)
        case "expect_column_values_to_be_between":
            return _outside(column, kwargs)
    return ""


def _outside(value: str, kwargs: Mapping[str, Any]) -> str:
    bounds = []
    for name, strict, sign in (("min_value", "strict_min", "<"), ("max_value", "strict_max", ">")):
        if kwargs.get(name) is not None:
            touching = "=" if kwargs.get(strict) else ""
            bounds.append(f"{value} {sign}{touching} {_literal(kwargs[name])}")
    return " or ".join(bounds)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def _exceptions(info: Any) -> str:
    """GX nests one entry per failed metric, or is flat for the expectation itself."""
    entries = [info] if "raised_exception" in (info or {}) else list((info or {}).values())
    raised = [entry for entry in entries if entry.get("raised_exception")]
    return brief(raised[0].get("exception_message")) if raised else ""


def _observed(kind: str, result: Mapping[str, Any]) -> str:
    if "unexpected_count" in result:
        return f"{result['unexpected_count']} of {result.get('element_count', '?')} rows"
    value = str(result.get("observed_value", ""))
    return counted(int(value)) if kind == QUERY else value
