"""Nested Arrow columns as flat ones, column by column: no row is looked at by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trueup.sources.ga4 import amounts, leaves
from trueup.sources.ga4.streams import PARAMETERS
from trueup.sources.ga4.tables import DayTable, Present

_KEYS = pa.array([parameter.key for parameter in PARAMETERS])


def flatten(rows: pa.Table, present: Present, table: DayTable) -> pa.Table:
    """The leaves of `rows`: every field and part of a parameter, each in a column of its own."""
    columns: dict[str, Any] = {}
    for field in present.fields:
        top, *below = field.path.split(".")
        columns[field.column] = pc.struct_field(rows[top], below) if below else rows[top]
    columns |= _parameters(rows["event_params"].combine_chunks(), present)
    if "items.price" in present.paths:
        columns["items_value"] = _items(rows, present)
    columns = {name: _for_duckdb(column) for name, column in columns.items()}
    columns["table_kind"] = pa.repeat(table.kind, rows.num_rows)
    columns["is_final"] = pa.repeat(table.is_final, rows.num_rows)
    return pa.table(columns)


def _for_duckdb(column: Any) -> Any:
    """BigQuery's BIGNUMERIC has more digits than DuckDB's decimals: it goes as text."""
    return column.cast(pa.string()) if pa.types.is_decimal256(column.type) else column


def _parameters(params: Any, present: Present) -> dict[str, Any]:
    """Where each key stands first in its row is found once, for all keys and rows together."""
    flat, parents = pc.list_flatten(params), pc.list_parent_indices(params).to_numpy()
    keys, values = pc.struct_field(flat, "key"), pc.struct_field(flat, "value")
    codes = pc.fill_null(pc.index_in(keys, value_set=_KEYS), -1).to_numpy(zero_copy_only=False)
    columns = {}
    for code, parameter in enumerate(PARAMETERS):
        found = np.flatnonzero(codes == code)[::-1]  # the first one is written last, and stays
        places = np.full(len(params), -1, dtype=np.int64)
        places[parents[found]] = found
        taken = pa.array(places, mask=places < 0)
        for part, path in zip(parameter.parts, parameter.paths, strict=True):
            if path in present.paths:
                one = pc.struct_field(values, part).take(taken)
                columns[leaves.part_column(parameter, part)] = one
    return columns


def _items(rows: pa.Table, present: Present) -> Any:
    """What the items of a sale add up to; other events' are not looked at."""
    is_sale = pc.is_in(rows["event_name"], pa.array(amounts.SALES + amounts.REFUNDS))
    sold = rows["items"].filter(is_sale).combine_chunks()
    flat, parents = pc.list_flatten(sold), pc.list_parent_indices(sold).to_numpy()

    def numbers(name: str) -> Any:
        if f"items.{name}" not in present.paths:
            return pa.nulls(len(flat), pa.float64())
        return pc.struct_field(flat, name).cast(pa.float64())

    each = pc.multiply(numbers("price"), pc.fill_null(numbers("quantity"), 1))
    worth = pc.coalesce(numbers("item_revenue"), each).to_numpy(zero_copy_only=False)
    known = ~np.isnan(worth)
    added, count = np.zeros(len(sold)), np.zeros(len(sold), dtype=np.int64)
    np.add.at(added, parents[known], worth[known])
    np.add.at(count, parents[known], 1)
    places = np.flatnonzero(is_sale.to_numpy())
    values, lacking = np.zeros(rows.num_rows), np.ones(rows.num_rows, dtype=bool)
    values[places], lacking[places] = added, count == 0
    return pa.array(values, mask=lacking)
