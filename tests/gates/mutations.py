"""How good data is spoilt so that one expectation, and no other of its suite, notices.

What an expectation's type says is derived. Queries, and columns that other expectations of the
suite watch too, have their mutation written down by suite and `why`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from gates.suites import Expectation

#: suite -> why -> SQL statements that spoil the table `{t}`.
Written = Mapping[str, Mapping[str, str]]
ONE_ROW = "rowid = (select min(rowid) from {t})"


def spoil(con: duckdb.DuckDBPyConnection, wanted: Expectation, table: str, written: Written):
    """Change `table` so that `wanted` fails. Raises KeyError where nobody said how."""
    sql = written.get(wanted.suite, {}).get(wanted.why) or derive(con, wanted, table)
    if sql is None:
        raise KeyError(f"{wanted.suite}: no mutation makes this fail: {wanted.why}")
    con.execute(sql.replace("{one}", ONE_ROW).replace("{t}", table))


def derive(con: duckdb.DuckDBPyConnection, wanted: Expectation, table: str) -> str | None:
    """The SQL that the expectation's type implies; None for a type that implies none."""
    kwargs = wanted.kwargs
    match wanted.type:
        case "expect_table_row_count_to_be_between":
            return "delete from {t}"
        case "expect_column_values_to_not_be_null":
            where = "" if "mostly" in kwargs else " where {one}"
            return f"update {{t}} set {kwargs['column']} = null{where}"
        case "expect_column_values_to_be_between":
            value: Any = kwargs["max_value"] + 1 if "max_value" in kwargs else _below(kwargs)
        case "expect_column_values_to_be_in_set":
            value = _foreign(con, table, kwargs)
        case "expect_column_values_to_not_be_in_set":
            value = kwargs["value_set"][0]
        case "expect_column_value_lengths_to_be_between" | "expect_column_value_lengths_to_equal":
            value = "x"
        case _:
            return None
    return f"update {{t}} set {kwargs['column']} = {_literal(value)} where {{one}}"


def _below(kwargs: dict[str, Any]) -> Any:
    return kwargs["min_value"] - (0 if kwargs.get("strict_min") else 1)


def _foreign(con: duckdb.DuckDBPyConnection, table: str, kwargs: dict[str, Any]) -> Any:
    """A value of the column's type that is not in the set."""
    kind = con.execute(f"select typeof({kwargs['column']}) from {table} limit 1").fetchone()[0]
    if kind == "BOOLEAN":
        return not kwargs["value_set"][0]
    return "FOREIGN" if kind == "VARCHAR" else max(kwargs["value_set"]) + 1


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
