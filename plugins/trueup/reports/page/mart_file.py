"""The published mart, opened to be read. A table that it does not have yet is no error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

Row = tuple[Any, ...]


@dataclass(frozen=True)
class MartFile:
    """An open mart and the tables that are in it, as `schema.table`."""

    con: duckdb.DuckDBPyConnection
    tables: frozenset[str]

    def has(self, *tables: str) -> bool:
        return self.tables.issuperset(tables)

    def rows(self, sql: str, values: Sequence[date | str] = ()) -> list[Row]:
        """What a query gives. Days are bound as text (`?::date`): to bind a date, duckdb imports
        pandas, which takes longer than the whole page."""
        return self.con.execute(sql, [str(value) for value in values]).fetchall()

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, in order."""
        schema, _, name = table.partition(".")
        found = self.rows(
            "select column_name from information_schema.columns where table_schema = ?"
            " and table_name = ? order by ordinal_position",
            [schema, name],
        )
        return [column for (column,) in found]

    def comments(self, table: str) -> dict[str, str]:
        """What its columns mean, as the file itself says."""
        schema, _, name = table.partition(".")
        return dict(
            self.rows(
                "select column_name, comment from duckdb_columns()"
                " where schema_name = ? and table_name = ? and comment <> ''",
                [schema, name],
            )
        )


@dataclass(frozen=True)
class Head:
    """What the mart is of: a company, its currency, its days; and when the gate judged it."""

    company: str
    title: str
    zone: str
    currency: str
    first: date | None
    through: date | None
    judged_at: datetime | None


@contextmanager
def opened(path: Path) -> Iterator[MartFile]:
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        names = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
        yield MartFile(con, frozenset(name for (name,) in names))


def head(mart: MartFile) -> Head:
    judged = (
        mart.rows(
            "select max(checked_at) from health.fct_gate_results"
            " where gate = 'mart' and coalesce(released_by, '') = ''"
        )
        if mart.has("health.fct_gate_results")
        else []
    )
    judged_at = judged[0][0] if judged else None
    built = (
        mart.rows(
            "select company, title, reporting_zone, reporting_currency, history_start_date,"
            " through_date from health.fct_build limit 1"
        )
        if mart.has("health.fct_build")
        else []
    )
    if not built:
        return Head("", "", "", "", None, None, judged_at)
    company, title, zone, currency, first, through = built[0]
    return Head(company, title, zone, currency, first, through, judged_at)
