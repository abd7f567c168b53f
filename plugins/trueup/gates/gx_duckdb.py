"""Great Expectations on DuckDB: a datasource whose engine keeps one connection open, and which
counts rows without fetching them.

GX 1.24 fetches rows after it has closed the connection, and a closed DuckDB connection gives
none without an error, so every expectation breaks. Importing this module registers `duckdb`
as a datasource type. The engine keeps GX's class name: its metrics are registered under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine as _Engine

#: The metric that holds the rows a query found.
ROWS = "unexpected_rows_query.table"

# GX's types are not read (pyproject.toml): what it hands out is Any.


class SqlAlchemyExecutionEngine(_Engine):  # type: ignore[misc]
    _connection: Any

    @contextmanager
    def get_connection(self) -> Iterator[Any]:
        if not self._connection:
            # A query that fails must not abort the transaction of those that follow.
            self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        yield self._connection

    def resolve_metrics(self, metrics_to_resolve: Any, *others: Any, **options: Any) -> Any:
        """GX asks every query twice: for the count, by which it judges, and for the rows, which no
        result of ours shows. The second is spared: measures.py reads the rows of what fails."""
        rows = [metric for metric in metrics_to_resolve if metric.metric_name == ROWS]
        asked = [metric for metric in metrics_to_resolve if metric.metric_name != ROWS]
        resolved = super().resolve_metrics(asked, *others, **options)
        return resolved | {metric.id: [] for metric in rows}


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
    type: Literal["duckdb"] = "duckdb"

    @property
    def execution_engine_type(self) -> Any:
        return SqlAlchemyExecutionEngine
