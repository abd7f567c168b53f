"""What a single row must keep: the row-by-row critical expectations of a stream's landing suite.

A row that breaks one is set aside at intake, so that a bad row costs the row and not its load. Its
reason is the expectation's `why`, named as a rule that was broken: read alone, "guests leave after
they arrive" would be said of those who do not. Expectations about a whole load (sums, groups,
counts) stay the gate's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from trueup.scratch import scratch

#: A query that is nothing but a filter of single rows.
FILTER = re.compile(r"^\s*select \* from \{batch\} where (.+)$", re.DOTALL)
#: Names that no stream's columns have.
INDEX, REASON = "_index", "_broken_rule"
#: What a reason begins with: behind it stands what should hold.
BROKEN = "breaks the rule: "
AGGREGATE = re.compile(r"\b(select|group by|having|over)\b", re.IGNORECASE)


@dataclass(frozen=True)
class RowRule:
    """`fails` is a SQL condition over the landed columns, true of a row that cannot be used."""

    fails: str
    reason: str


@cache
def read(suite: Path) -> tuple[RowRule, ...]:
    """The row rules of the suite at `suite`; none where the stream has no suite."""
    if not suite.exists():
        return ()
    content = yaml.load(suite.read_text(encoding="utf-8"), yaml.CSafeLoader)
    rules = (_rule(entry) for entry in content["expectations"])
    return tuple(rule for rule in rules if rule)


def broken(rows: pa.Table, rules: Sequence[RowRule]) -> dict[int, str]:
    """The index of every row of `rows` (of the landed schema) that breaks a rule, with the first
    rule's reason."""
    if not rules or not rows.num_rows:
        return {}
    numbered = rows.append_column(INDEX, pa.array(range(rows.num_rows), pa.int64()))
    reasons = " ".join(f"when {rule.fails} then ?" for rule in rules)
    with scratch() as con:
        con.register("numbered", numbered)
        found = con.execute(
            f"select {INDEX}, case {reasons} end as {REASON} from numbered"
            f" where {REASON} is not null order by 1",
            [rule.reason for rule in rules],
        ).fetchall()
    return dict(found)


def _rule(entry: Mapping[str, Any]) -> RowRule | None:
    condition = _CONDITIONS.get(entry["type"])
    if entry["severity"] != "critical" or condition is None or "mostly" in entry["kwargs"]:
        return None
    fails = condition(entry["kwargs"])
    return RowRule(fails, f"{BROKEN}{entry['meta']['why']}") if fails else None


def _filter(kwargs: Mapping[str, Any]) -> str | None:
    """The condition of a query that filters single rows; None where it looks at several."""
    found = FILTER.match(kwargs["unexpected_rows_query"].replace("{{", "{").replace("}}", "}"))
    return None if not found or AGGREGATE.search(found[1]) else found[1].strip()


def _between(subject: str, kwargs: Mapping[str, Any]) -> str:
    limits = {"min_value": ("<", "strict_min"), "max_value": (">", "strict_max")}
    return " or ".join(
        f"{subject} {sign}{'=' if kwargs.get(strict) else ''} {kwargs[name]}"
        for name, (sign, strict) in limits.items()
        if kwargs.get(name) is not None
    )


def _in_set(kwargs: Mapping[str, Any]) -> str:
    values = ", ".join(_literal(value) for value in kwargs["value_set"])
    return f'"{kwargs["column"]}" not in ({values})'


def _literal(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


_CONDITIONS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    "unexpected_rows_expectation": _filter,
    "expect_column_values_to_not_be_null": lambda kwargs: f'"{kwargs["column"]}" is null',
    "expect_column_values_to_be_between": lambda kwargs: _between(f'"{kwargs["column"]}"', kwargs),
    "expect_column_value_lengths_to_be_between": lambda kwargs: _between(
        f'length("{kwargs["column"]}")', kwargs
    ),
    "expect_column_values_to_be_in_set": _in_set,
}
