"""Rows as BigQuery's tabledata.list encodes them, made by one DuckDB query.

A row is `{"f": [{"v": ...}, ...]}` in schema order: scalars as text or null, a record as another
row, a repeated record as a list of `{"v": row}`.
"""

from __future__ import annotations

from sandbox.bigquery_export import ELEMENTS, NULL_WHEN, VALUES
from sandbox.vendors.bigquery_schema import Node

_NULL = """'{"v":null}'"""


def page_select(events: str, nodes: tuple[Node, ...], first: int, size: int) -> str:
    """A query whose one value is a page of the relation `events` (as `met_events` selects them):
    rows as JSON text, joined by commas, with the fields in `nodes`; null where there is none."""
    page = f"from {events} order by event_id limit {size} offset {first}"
    return (
        f"select string_agg({_row(nodes, '', VALUES)}, ',' order by event_id) as page from ({page})"
    )


def _row(nodes: tuple[Node, ...], prefix: str, values: dict[str, str]) -> str:
    cells = (_cell(node, prefix + node.name, values) for node in nodes)
    return f"""concat('{{"f":[', {", ',', ".join(cells)}, ']}}')"""


def _cell(node: Node, path: str, values: dict[str, str]) -> str:
    if node.mode == "REPEATED":
        elements = ", ".join(
            f"""case when {condition} then
                concat(',{{"v":', {_row(node.fields, f"{path}.", leaves)}, '}}') end"""
            for condition, leaves in ELEMENTS.get(path, ())
        )
        listed = f"substr(concat({elements}), 2)" if elements else "''"
        return f"""concat('{{"v":[', {listed}, ']}}')"""
    if node.fields:
        if not any(known.startswith(f"{path}.") for known in values):
            return _NULL
        held = f"""concat('{{"v":', {_row(node.fields, f"{path}.", values)}, '}}')"""
        return (
            f"case when {NULL_WHEN[path]} then {_NULL} else {held} end"
            if path in NULL_WHEN
            else held
        )
    if path not in values:
        return _NULL
    value = f"({values[path]})::{node.duckdb_type}"
    text = f"to_json({value})::varchar" if node.type == "STRING" else f"""'"' || {value} || '"'"""
    return f"""coalesce('{{"v":' || ({text}) || '}}', {_NULL})"""
