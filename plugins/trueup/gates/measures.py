"""How much a failed check touches: rows, first day and money, read from the rows it objects to.

A check's SQL may select columns that say more than the rows themselves: `signal` and `segment`
(each pair becomes a finding of its own), `since_date`, `affected_rows`, `affected_amount_local`
with `currency_code`, and `observed`, what was measured in words. Without `since_date` the earliest
day of the first DATE or TIMESTAMP column stands. One that selects `incident_id` is of incidents:
then `why`, `runbook`, `query` (the SQL that shows it) and a finding's other words are of the row
and not of the suite. Without it such columns are a vendor's own, and say nothing of the finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from trueup.gates.findings import Finding, counted

#: More signals or segments than this are one finding: nobody reads a list of fifty. Incidents stay
#: apart, however many there are.
MOST_SEGMENTS = 20
#: What a row may say in the place of its suite, and what it may say of an incident.
IN_WORDS = (
    "why", "runbook", "query", "incident_id", "identity", "family", "system", "urgency", "owner",
    "signals", "suspected_change", "not_affected",
)  # fmt: skip


@dataclass(frozen=True)
class Failure:
    """A finding, the SQL of the rows it objects to, and the same SQL as a person types it; both
    are empty where there is nothing to measure."""

    finding: Finding
    sql: str = ""
    seen_sql: str = ""


def measured(
    con: duckdb.DuckDBPyConnection, failures: Iterable[Failure], command: Callable[[str], str]
) -> list[Finding]:
    """Every finding, with what can be said of its rows; split by signal and segment where its SQL
    selects them. `command` makes of SQL what a person types."""
    return [finding for failure in failures for finding in _measured(con, failure, command)]


def _measured(
    con: duckdb.DuckDBPyConnection, failure: Failure, command: Callable[[str], str]
) -> Iterator[Finding]:
    seen = command(failure.seen_sql) if failure.seen_sql else ""
    finding = replace(failure.finding, query=seen)
    if not failure.sql:
        yield finding
        return
    try:
        columns = {
            str(name): str(kind)
            for name, kind, *_ in con.execute(f"describe {failure.sql}").fetchall()
        }
        split: Sequence[str] = [name for name in ("signal", "segment") if name in columns]
        rows = con.execute(_measuring(failure.sql, columns, split)).fetchall()
        if len(rows) > MOST_SEGMENTS and "incident_id" not in columns:
            split = []
            rows = con.execute(_measuring(failure.sql, columns, split)).fetchall()
    except duckdb.Error:
        rows = []
    if not rows:
        yield finding
    said = _words_of(columns)
    for row in rows:
        named = dict(zip((*split, *said), row, strict=False))
        one = _with_words(finding, {name: named[name] for name in said}, command)
        yield _with_measures(one, {name: named[name] for name in split}, row[len(named) :])


def _words_of(columns: dict[str, str]) -> list[str]:
    return [name for name in IN_WORDS if name in columns] if "incident_id" in columns else []


def _measuring(sql: str, columns: dict[str, str], split: Sequence[str]) -> str:
    """SQL of one row per signal and segment: rows, first day, money, currency."""
    dated = [name for name, kind in columns.items() if kind.startswith(("DATE", "TIMESTAMP"))]
    day = "since_date" if "since_date" in columns else (dated or [""])[0]
    money = "affected_amount_local" in columns
    has_currency = money and "currency_code" in columns
    # Amounts in several currencies have no sum: the rows are counted, and no money is named.
    is_one = "count(distinct currency_code) <= 1" if has_currency else "true"
    parts = [
        *(f"coalesce({name}::varchar, '')" for name in split),
        *(f"max({name})::varchar" for name in _words_of(columns)),
        "sum(affected_rows)::bigint" if "affected_rows" in columns else "count(*)",
        f'min("{day}")::date' if day else "null",
        f"case when {is_one} then sum(affected_amount_local)::decimal(38, 6) end"
        if money
        else "null",
        f"case when {is_one} then max(currency_code) end" if has_currency else "null",
        "max(observed)" if columns.get("observed") == "VARCHAR" else "null",
        "max(confidence)::double" if {"confidence", "incident_id"} <= columns.keys() else "null",
    ]
    groups = ", ".join(str(place) for place in range(1, len(split) + 1)) or "()"
    return f"select {', '.join(parts)} from ({sql}) as found group by {groups}"


def _with_words(
    finding: Finding, said: dict[str, object], command: Callable[[str], str]
) -> Finding:
    """The finding with what its row says in words."""
    words: dict[str, Any] = {name: str(text) for name, text in said.items() if text}
    if "query" in words:
        words["query"] = command(words["query"])
    if "signals" in words:
        words["signals"] = tuple(words["signals"].split(", "))
    return replace(finding, **words)


def _with_measures(
    finding: Finding, split: dict[str, object], measures: tuple[object, ...]
) -> Finding:
    rows, since, amount, currency, observed, confidence = measures
    named = {name: str(value) for name, value in split.items() if value}
    count = int(str(rows or 0))
    return replace(
        finding,
        signal=named.get("signal", finding.signal),
        segment=named.get("segment", finding.segment),
        observed=str(observed or (counted(count) if split else finding.observed)),
        since_date=since if isinstance(since, date) and not isinstance(since, datetime) else None,
        affected_rows=count,
        affected_amount_local=amount if isinstance(amount, Decimal) else None,
        currency_code=str(currency or ""),
        confidence=confidence if isinstance(confidence, float) else None,
    )
