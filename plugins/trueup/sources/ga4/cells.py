"""Where a field stands in BigQuery's rows, `{"f": [{"v": ...}, ...]}`, and how DuckDB reads it.

A row holds the selected fields in the order of the table's schema, not in the order they were
asked for; records nest as further rows, repeated ones as lists of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.sources.ga4 import amounts, leaves
from trueup.sources.ga4.streams import PARAMETERS
from trueup.sources.ga4.tables import DayTable

#: A tabledata.list answer as DuckDB reads it. Every scalar in a row is text or null.
ANSWER = "{totalRows: 'BIGINT', pageToken: 'VARCHAR', rows: 'JSON[]'}"


def types(fields: list[dict[str, Any]], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted path and type of every scalar in a table's schema."""
    for field in fields:
        if field["type"] in ("RECORD", "STRUCT"):
            yield from types(field["fields"], f"{prefix}{field['name']}.")
        else:
            yield prefix + field["name"], field["type"]


def positions(fields: list[dict[str, Any]], wanted: set[str]) -> dict[str, str]:
    """Each wanted path of a schema, in the schema's order, with its JSON path in a row of an
    answer that holds only the wanted fields."""
    words = [path.split(".") for path in wanted]
    with_records = {".".join(path[:depth]) for path in words for depth in range(1, len(path) + 1)}
    return dict(_places(fields, with_records))


def _places(
    fields: list[dict[str, Any]], wanted: set[str], prefix: str = "", place: str = "$"
) -> Iterator[tuple[str, str]]:
    kept = [field for field in fields if prefix + field["name"] in wanted]
    for index, field in enumerate(kept):
        path, here = prefix + field["name"], f"{place}.f[{index}].v"
        if field["type"] not in ("RECORD", "STRUCT"):
            yield path, here
        else:
            here += "[*].v" if field.get("mode") == "REPEATED" else ""
            yield from _places(field["fields"], wanted, f"{path}.", here)


def select_page(positions: dict[str, str], columns: dict[str, str], table: DayTable) -> str:
    """The leaves of `page`, as a query.

    `positions` tells where in a row (`{"f": [{"v": ...}]}`) each selected field stands. A row is
    parsed three times, whatever the number of its columns: for all scalars, for the keys of its
    parameters, and for their values, of which each has the same parts in turn. The items of a sale
    take as many more.
    """
    scalars = [path for path in positions if path in columns]
    paths = ", ".join(f"'{positions[path]}'" for path in scalars)
    expressions = {columns[path]: f"scalars[{n}]" for n, path in enumerate(scalars, 1)}
    parts = [path for path in positions if path.startswith("event_params.value.")]
    for parameter in PARAMETERS:
        start = f"(list_position(keys, '{parameter.key}') - 1) * {len(parts)}"
        at = [parts.index(path) + 1 for path in parameter.paths if path in parts]
        found = [f"param_values[{start} + {place}]" for place in at]
        expressions[parameter.column] = leaves.first_of(parameter, found)
    if "items.price" in positions:
        expressions["items_value"] = _items(positions, expressions["event_name"])
    value = positions[parts[0]].removesuffix("[0].v") + "[*].v"
    relation = f"""(
        select
            record,
            scalars,
            keys,
            case when len(found) = len(keys) * {len(parts)} then found end as param_values
        from (
            select
                record,
                json_extract_string(record, [{paths}]) as scalars,
                json_extract_string(record, '{positions["event_params.key"]}') as keys,
                json_extract_string(record, '{value}') as found
            from (select unnest(rows) as record from page)))"""
    odd = "case when param_values is null then 'event_params' end"
    return leaves.select_leaves(expressions, table, relation, odd)


def _items(positions: dict[str, str], event_name: str) -> str:
    """What the items of a sale add up to."""

    def numbers(name: str) -> str:
        if (path := positions.get(f"items.{name}")) is None:
            return "null"
        return f"json_extract_string(record, '{path}')[i]::double"

    one = leaves.item_value(numbers("item_revenue"), numbers("price"), numbers("quantity"))
    count = f"len(json_extract_string(record, '{positions['items.price']}'))"
    added = f"list_sum(list_transform(range(1, {count} + 1), lambda i: {one}))"
    return f"case when {amounts.has_items_value(event_name)} then {added} end"
