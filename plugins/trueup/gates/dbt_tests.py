"""dbt's data tests as findings: severity `error` holds, `warn` warns, a test that could not run is
a gate-error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import duckdb

from trueup.build.dbt_results import Node
from trueup.gates.findings import Finding, Outcome, Severity, counted, on_build
from trueup.gates.measures import Failure, measured
from trueup.gates.suites import GATE_ERRORS, brief

RUNBOOK = "docs/runbook.md#dbt-tests"
#: A message is read on a phone at night: enough to recognise the rows, not to list them.
ROWS_SHOWN, ROWS_LENGTH = 3, 300
OUTCOMES: dict[str, Outcome] = {"pass": "pass", "warn": "warn", "fail": "hold"}
#: What reads as an e-mail address; tests select ids and names, which a link may have spoilt.
ADDRESS = re.compile(r"[^\s\"@/]+(@|%40)[^\s\"@]+")


def findings(
    con: duckdb.DuckDBPyConnection, tests: Iterable[Node] | None, at: datetime
) -> Iterator[Finding]:
    """What the tests of a build found, with the first rows of those that failed."""
    if tests is None:
        yield Finding(
            gate="mart", check_name="dbt tests", table_name="build", severity="critical",
            verdict="gate-error", checked_at=at, runbook=GATE_ERRORS,
            why="what dbt's tests came to was not noted; build again",
        )  # fmt: skip
        return
    for test in tests:
        finding = _finding(test, at)
        if finding.verdict in ("pass", "gate-error"):
            yield finding
        else:
            for one in measured(con, [Failure(finding, test.sql, test.sql)], on_build):
                # One that is split by segment says what was measured of each.
                is_whole = (one.signal, one.segment) == (finding.signal, finding.segment)
                yield replace(one, observed=one.observed + _rows(con, test.sql, is_whole))


def _finding(test: Node, at: datetime) -> Finding:
    facts = test.test
    severity: Severity = "warning" if facts and facts.severity == "warn" else "critical"
    verdict = OUTCOMES.get(test.status, "gate-error")
    columns = facts.columns if facts else ""
    rule = test.name.replace("_", " ")
    return Finding(
        gate="mart",
        check_name=test.name,
        table_name=(facts.table if facts else "") or test.name,
        severity=severity,
        verdict=verdict,
        checked_at=at,
        signal=columns,
        why=(facts.meaning if facts else "") or (f"{rule}: {columns}" if columns else rule),
        observed=brief(test.message) if verdict == "gate-error" else counted(test.failures),
        runbook=GATE_ERRORS if verdict == "gate-error" else (facts and facts.runbook) or RUNBOOK,
    )


def _rows(con: duckdb.DuckDBPyConnection, sql: str, is_wanted: bool) -> str:
    """The first rows a failed test found: keys and amounts, as tests select."""
    if not is_wanted:
        return ""
    try:
        found = con.execute(f"from ({sql}) limit {ROWS_SHOWN}")
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error:
        return ""
    if not rows:
        return ""
    text = ADDRESS.sub("(an e-mail address)", json.dumps(rows, default=str))
    return f", such as {text[:ROWS_LENGTH]}"
