"""The export as NDJSON, record by record: one that is cut off or odd is set aside, the others stay.

A null may simply be left out, so only what every event has can be missed, and int64 may come as
text, as BigQuery writes them.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from trueup.sources.contract import SetAside
from trueup.sources.ga4 import amounts, leaves
from trueup.sources.ga4.streams import FIELDS, PARAMETERS
from trueup.sources.ga4.tables import DayTable, column_error
from trueup.sources.refusals import Place

#: Top-level columns that are never null, so that records without them lack them.
ALWAYS = (
    "event_date", "event_timestamp", "event_name", "event_params", "privacy_info", "device", "geo",
)  # fmt: skip
#: Longest event as text, in bytes; DuckDB's own limit is 16 MB.
LONGEST_EVENT = 64 * 2**20
#: Where a field stands in a record.
PATHS = {field.path: "$." + field.path for field in FIELDS}
RECORDS = sorted({path.partition(".")[0] for path in PATHS if "." in path})


def objects(files: list[str]) -> str:
    """The records of the files as a relation: `json`, null where it is not valid."""
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return (
        f"read_ndjson_objects([{listed}], ignore_errors = true, filename = true,"
        f" maximum_object_size = {LONGEST_EVENT})"
    )


def check_columns(
    con: duckdb.DuckDBPyConnection, files: list[str], table: DayTable, place: Place
) -> None:
    """Raise where no record has a column that every event has."""
    counts = ", ".join(f"count(*) filter (json_exists(json, '$.{name}'))" for name in ALWAYS)
    [(total, *found)] = con.execute(
        f"select count(*), {counts} from {objects(files)} where json is not null"
    ).fetchall()
    for name, count in zip(ALWAYS, found, strict=True):
        if total and not count:
            raise column_error(name, table.name, place, "a column", None)


def set_aside(con: duckdb.DuckDBPyConnection, files: list[str]) -> Iterator[SetAside]:
    """The records that are not valid JSON."""
    found = con.execute(
        f"select filename, number from (select json, filename, row_number() over"
        f" (partition by filename) as number from {objects(files)}) where json is null"
    ).fetchall()
    for file, number in found:
        where = f"record {number} of {file.rpartition('/')[2]}"
        yield SetAside(where, "the record is not valid JSON (cut off?)", where)


def select(files: list[str], table: DayTable, within: str = "true", is_final: str = "") -> str:
    """The leaves of the records, as a query; `within` chooses by `day`."""
    paths = ", ".join(f"'{path}'" for path in PATHS.values())
    expressions = {field.column: f"scalars[{n}]" for n, field in enumerate(FIELDS, 1)}
    for parameter in PARAMETERS:
        is_it = f"lambda p: json_extract_string(p, '$.key') = '{parameter.key}'"
        one = f"list_filter(params, {is_it})[1]"
        found = [f"json_extract_string({one}, '$.value.{part}')" for part in parameter.parts]
        expressions[parameter.column] = leaves.first_of(parameter, found)
    numbers = (
        f"try_cast(json_extract_string(i, '$.{name}') as double)"
        for name in ("item_revenue", "price", "quantity")
    )
    added = f"""list_sum(list_transform(json_extract(json, '$.items[*]'),
        lambda i: {leaves.item_value(*numbers)}))"""
    is_added = amounts.has_items_value(expressions["event_name"])
    expressions["items_value"] = f"case when {is_added} then {added} end"
    misshapen = " ".join(
        f"when coalesce(json_type(json, '$.{name}'), 'NULL') not in ('OBJECT', 'NULL')"
        f" then '{name}'"
        for name in RECORDS
    )
    relation = f"""(
        select *, try_cast(try_strptime(scalars[1], '%Y%m%d') as date) as day
        from (
            select
                json,
                json_extract_string(json, [{paths}]) as scalars,
                json_extract(json, '$.event_params[*]') as params
            from {objects(files)}
            where json is not null))"""
    odd = f"""case
        when json_type(json) <> 'OBJECT' then 'the record'
        when coalesce(json_type(json, '$.event_params'), 'NULL') not in ('ARRAY', 'NULL')
            then 'event_params'
        {misshapen} end"""
    chosen = f"(from {relation} where coalesce({within}, true))"
    return leaves.select_leaves(expressions, table, chosen, odd, is_final)
