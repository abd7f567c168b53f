"""Pages become typed Arrow tables, strictly, row by row: what does not type is a fault of its row.

What an encoding does is undone (numbers as strings, ISO dates, the far digits of a binary
fraction: 30.000000000000004); what changes meaning is not (text where a number is declared, a
fraction where a whole number is). An Arrow column of another kind than declared is of every row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trueup.landing.values import ARROW_CANNOT, CANNOT, arrow_type, converter, like
from trueup.sources.contract import POSITION, Column, Stream

EXTRA = "_extra"
DAY = "_day"
_ABSENT = object()


class ColumnProblem(ValueError):
    """A column that is not as declared; the caller adds source, stream and window."""

    def __init__(self, column: str, expected: str, got: str) -> None:
        super().__init__(f"column {column}: expected {expected}, got {got}")
        self.column, self.expected, self.got = column, expected, got


@dataclass(frozen=True)
class Fault:
    """Why a row is not as declared: never with its value, which may be personal."""

    column: str
    reason: str
    is_absent: bool = False


#: The first fault of each row that has one, by the row's place in its page.
Faults = dict[int, Fault]


def landed_schema(stream: Stream) -> pa.Schema:
    """The Parquet schema of a stream: its declared columns, the day, and whatever was extra."""
    fields = [pa.field(c.landed_name, arrow_type(c.landed_type)) for c in stream.columns]
    return pa.schema([*fields, pa.field(DAY, pa.date32()), pa.field(EXTRA, pa.string())])


def from_dicts(
    rows: list[dict[str, Any]], stream: Stream, hash_key: str
) -> tuple[pa.Table, Faults]:
    """The rows of a page without a fault as a table of the landed schema, without `_day`, and the
    faults of the others. Unknown keys go to `_extra` as JSON."""
    declared = {column.name for column in stream.columns}
    faults: Faults = {}
    arrays = []
    for column in stream.columns:
        values = [row.get(column.name, _ABSENT) for row in rows]
        arrays.append(_array(values, column, hash_key, faults))
    arrays.append(pa.array([_extras(row, declared) for row in rows], pa.string()))
    names = [*(column.landed_name for column in stream.columns), EXTRA]
    return _without(pa.table(arrays, names=names), _required(stream, arrays, faults)), faults


def from_arrow(table: pa.Table, stream: Stream, hash_key: str) -> tuple[pa.Table, Faults]:
    """The same of an Arrow page. Raises ColumnProblem where a column is missing or of another
    kind, as then it is so in every row."""
    faults: Faults = {}
    arrays = []
    for column in stream.columns:
        if column.name not in table.column_names:
            raise ColumnProblem(column.name, column.type, "no such column")
        values = table.column(column.name).combine_chunks()
        if column.pii:
            arrays.append(_array(values.to_pylist(), column, hash_key, faults))
        else:
            arrays.append(_cast_column(values, column, faults))
    declared = {column.name for column in stream.columns} | {POSITION}
    extra = [name for name in table.column_names if name not in declared]
    if EXTRA in extra:
        arrays.append(table.column(EXTRA).cast(pa.string()).combine_chunks())
    elif extra:
        rows = table.select(extra).to_pylist()
        arrays.append(pa.array([json.dumps(row, default=str) for row in rows], pa.string()))
    else:
        arrays.append(pa.nulls(table.num_rows, pa.string()))
    names = [*(column.landed_name for column in stream.columns), EXTRA]
    return _without(pa.table(arrays, names=names), _required(stream, arrays, faults)), faults


def _required(stream: Stream, arrays: list[Any], faults: Faults) -> Faults:
    """Adds the rows that lack a value they must have."""
    for column, array in zip(stream.columns, arrays, strict=False):
        if array.null_count and (column.required or column.name in (stream.day, stream.cursor)):
            for index in pc.indices_nonzero(pc.is_null(array)).to_pylist():
                faults.setdefault(index, Fault(column.name, f"{column.name} is empty"))
    return faults


def _without(table: pa.Table, faults: Faults) -> pa.Table:
    if not faults:
        return table
    return table.take(kept_rows(table.num_rows, faults))


def kept_rows(count: int, faults: Faults) -> pa.Array:
    """The places of a page's rows that have no fault."""
    return pa.array([index for index in range(count) if index not in faults], pa.int64())


def _extras(row: dict[str, Any], declared: set[str]) -> str | None:
    extra = {key: value for key, value in row.items() if key not in declared}
    return json.dumps(extra, default=str, sort_keys=True) if extra else None


def _array(values: list[Any], column: Column, hash_key: str, faults: Faults) -> pa.Array:
    """The values in the column's landed type; null where one is at fault."""
    typed = converter(column, hash_key)
    landed = arrow_type(column.landed_type)

    def convert(value: Any) -> Any:
        if value is _ABSENT:
            raise TypeError("no such key")
        return None if value is None else typed(value)

    try:
        return pa.array([convert(value) for value in values], landed)
    except CANNOT:
        converted = []
    for index, value in enumerate(values):
        try:
            one = convert(value)
            pa.scalar(one, landed)
        except CANNOT:
            one = None
            faults.setdefault(index, _fault(column, value))
        converted.append(one)
    return pa.array(converted, landed)


def _cast_column(values: Any, column: Column, faults: Faults) -> Any:
    wanted = arrow_type(column.type)
    if pa.types.is_null(values.type) or values.type == wanted:
        return values.cast(wanted)
    if pa.types.is_string(wanted) != pa.types.is_string(values.type):
        raise ColumnProblem(column.name, column.type, str(values.type))
    try:
        return _cast(values, wanted)
    except ARROW_CANNOT:
        pass
    parts = []
    for index in range(len(values)):
        try:
            parts.append(_cast(values.slice(index, 1), wanted))
        except ARROW_CANNOT:
            parts.append(pa.nulls(1, wanted))
            faults.setdefault(index, _fault(column, values[index].as_py()))
    return pa.concat_arrays(parts)


def _cast(values: Any, wanted: Any) -> Any:
    if pa.types.is_decimal(wanted) and pa.types.is_integer(values.type):
        # Arrow widens whole numbers to their type's full range before it narrows.
        values = values.cast(pa.decimal128(38, wanted.scale))
    elif pa.types.is_decimal(wanted) and pa.types.is_decimal(values.type):
        values = pc.round(values, wanted.scale, "half_to_even")
    return values.cast(wanted)


def _fault(column: Column, value: Any) -> Fault:
    if value is _ABSENT:
        return Fault(column.name, f"{column.name} is missing", is_absent=True)
    if column.pii:
        return Fault(column.name, f"{column.name} is not text")
    return Fault(column.name, f"{column.name} is not {column.type}{like(value)}")
