"""Where a field stands in the export's nested columns, as Arrow and Parquet hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from trueup.sources.ga4 import amounts, leaves
from trueup.sources.ga4.streams import PARAMETERS
from trueup.sources.ga4.tables import Present


def with_keys(relation: str) -> str:
    """`relation` with the keys of each row's parameters in a list: found once, looked up often."""
    keys = "list_transform(event_params, lambda p: p.key)"
    return f"(select *, {keys} as param_keys from {relation})"


def expressions(present: Present) -> dict[str, str]:
    """Each leaf's column and where it stands in a row of `with_keys`."""
    found = {f.column: ".".join(f'"{name}"' for name in f.path.split(".")) for f in present.fields}
    for parameter in PARAMETERS:
        one = f"event_params[list_position(param_keys, '{parameter.key}')].value"
        parts = [p for p in parameter.parts if f"event_params.value.{p}" in present.paths]
        held = [f"{one}.{part}" for part in parts]
        found[parameter.column] = leaves.first_of(parameter, held, is_text=False)
    if "items.price" in present.paths:
        found["items_value"] = _items(present)
    return found


def _items(present: Present) -> str:
    revenue, price, quantity = (
        f"i.{name}" if f"items.{name}" in present.paths else "null"
        for name in ("item_revenue", "price", "quantity")
    )
    one = leaves.item_value(revenue, price, quantity)
    added = f"list_sum(list_transform(items, lambda i: {one}))"
    return f"case when {amounts.has_items_value('event_name')} then {added} end"


def paths(fields: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted path and BigQuery type of every scalar of an Arrow schema or struct."""
    for field in fields:
        kind = field.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            kind = kind.value_type
        path = prefix + field.name
        if pa.types.is_struct(kind):
            yield from paths(kind, f"{path}.")
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            yield path, "STRING"
        elif pa.types.is_integer(kind):
            yield path, "INTEGER"
        else:
            yield path, "FLOAT" if pa.types.is_floating(kind) else str(kind)
