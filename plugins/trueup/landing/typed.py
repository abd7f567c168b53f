"""Pages become typed Arrow tables, strictly: a missing or retyped column is an error.

What an encoding does is undone (numbers as strings, ISO dates, the far digits of a binary
fraction: 30.000000000000004); what changes meaning is not (text where a number is declared, a
fraction where a whole number is).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trueup.landing.personal_data import keyed_hash
from trueup.sources.contract import Column, Stream

EXTRA = "_extra"
DAY = "_day"


class ColumnProblem(ValueError):
    """A column that is not as declared; the caller adds source, stream and window."""

    def __init__(self, column: str, expected: str, got: str) -> None:
        super().__init__(f"column {column}: expected {expected}, got {got}")
        self.column, self.expected, self.got = column, expected, got


def arrow_type(duckdb_type: str) -> pa.DataType:
    if duckdb_type.startswith("DECIMAL"):
        return pa.decimal128(*_precision_and_scale(duckdb_type))
    return {
        "VARCHAR": pa.string(),
        "JSON": pa.string(),
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
    }[duckdb_type]


def _precision_and_scale(decimal_type: str) -> tuple[int, int]:
    precision, scale = decimal_type[8:-1].split(",")
    return int(precision), int(scale)


def landed_schema(stream: Stream) -> pa.Schema:
    """The Parquet schema of a stream: its declared columns, the day, and whatever was extra."""
    fields = [pa.field(c.landed_name, arrow_type(c.landed_type)) for c in stream.columns]
    return pa.schema([*fields, pa.field(DAY, pa.date32()), pa.field(EXTRA, pa.string())])


def from_dicts(rows: list[dict[str, Any]], stream: Stream, hash_key: str) -> pa.Table:
    """A page of dicts as a table of the landed schema, without `_day`. Unknown keys go to
    `_extra` as JSON."""
    declared = {column.name for column in stream.columns}
    arrays = []
    for column in stream.columns:
        try:
            values = [row[column.name] for row in rows]
        except KeyError:
            raise ColumnProblem(column.name, column.type, "no such column") from None
        arrays.append(_array(values, column, hash_key))
    extras = [_extras(row, declared) for row in rows]
    names = [column.landed_name for column in stream.columns]
    return pa.table([*arrays, pa.array(extras, pa.string())], names=[*names, EXTRA])


def from_arrow(table: pa.Table, stream: Stream, hash_key: str) -> pa.Table:
    """An Arrow page cast to the landed schema, without `_day`; a lossy cast is an error."""
    arrays = []
    for column in stream.columns:
        if column.name not in table.column_names:
            raise ColumnProblem(column.name, column.type, "no such column")
        values = table.column(column.name)
        if column.pii:
            arrays.append(_array(values.to_pylist(), column, hash_key))
            continue
        wanted = arrow_type(column.type)
        if pa.types.is_null(values.type) or values.type == wanted:
            cast = values.cast(wanted)
        elif pa.types.is_string(wanted) != pa.types.is_string(values.type):
            raise ColumnProblem(column.name, column.type, str(values.type))
        else:
            try:
                if pa.types.is_decimal(wanted) and pa.types.is_integer(values.type):
                    # Arrow widens whole numbers to their type's full range before it narrows.
                    values = values.cast(pa.decimal128(38, wanted.scale))
                elif pa.types.is_decimal(wanted) and pa.types.is_decimal(values.type):
                    values = pc.round(values, wanted.scale, "half_to_even")
                cast = values.cast(wanted)
            except pa.ArrowException as error:
                raise ColumnProblem(column.name, column.type, str(error)) from None
        arrays.append(_not_null(cast, column))
    names = [column.landed_name for column in stream.columns]
    extra = [name for name in table.column_names if name not in {c.name for c in stream.columns}]
    if EXTRA in extra:
        extras = table.column(EXTRA).cast(pa.string())
    elif extra:
        extras = pa.array([json.dumps(row, default=str) for row in table.select(extra).to_pylist()])
    else:
        extras = pa.nulls(table.num_rows, pa.string())
    return pa.table([*arrays, extras], names=[*names, EXTRA])


def _extras(row: dict[str, Any], declared: set[str]) -> str | None:
    extra = {key: value for key, value in row.items() if key not in declared}
    return json.dumps(extra, default=str, sort_keys=True) if extra else None


def _array(values: list[Any], column: Column, hash_key: str) -> pa.Array:
    if column.pii:
        if odd := next((v for v in values if v is not None and not isinstance(v, str)), None):
            raise ColumnProblem(column.name, "text", type(odd).__name__)  # never the value itself
        values = [keyed_hash(column.pii, value, hash_key) for value in values]
        return _not_null(pa.array(values, pa.string()), column)
    convert = _CONVERT.get(column.type) or _decimals(column.type)
    try:
        converted = [None if value is None else convert(value) for value in values]
        array = pa.array(converted, arrow_type(column.type))
    except (TypeError, ValueError, ArithmeticError, pa.ArrowException) as error:
        raise ColumnProblem(column.name, column.type, str(error) or type(error).__name__) from None
    return _not_null(array, column)


def _not_null(array: Any, column: Column) -> Any:
    if column.required and array.null_count:
        raise ColumnProblem(column.name, "a value in every row", f"{array.null_count} null(s)")
    return array


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} {value!r}")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{type(value).__name__} {value!r}")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise TypeError(f"{type(value).__name__} {value!r}")
    return float(value)


def _decimals(decimal_type: str) -> Callable[[Any], Decimal]:
    _, scale = _precision_and_scale(decimal_type)
    unit = Decimal(1).scaleb(-scale)

    def convert(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise TypeError(f"{type(value).__name__} {value!r}")
        return Decimal(repr(value) if isinstance(value, float) else value).quantize(unit)

    return convert


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} {value!r}")
    return value


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        raise TypeError(f"an instant {value!r} where a day is declared")
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


def _instant(value: Any) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no UTC offset")
    return instant.astimezone(UTC)


def _json(value: Any) -> str:
    return json.dumps(value, default=str, sort_keys=True)


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "VARCHAR": _text,
    "JSON": _json,
    "BIGINT": _whole,
    "DOUBLE": _number,
    "BOOLEAN": _boolean,
    "DATE": _day,
    "TIMESTAMPTZ": _instant,
}
