"""The types of columns, of shapes and of streams that land on them, as DuckDB calls them."""

from __future__ import annotations

TEXT = "VARCHAR"
WHOLE = "BIGINT"
DATE = "DATE"
INSTANT = "TIMESTAMPTZ"
TRUTH = "BOOLEAN"
#: Money and counted conversions at the source's own precision: readers round, rows do not.
DECIMAL = "DECIMAL(18,6)"
#: Money that staging adds up: one row may be as large as a DECIMAL(18,6) holds, a sum is larger.
SUM = "DECIMAL(38,6)"
