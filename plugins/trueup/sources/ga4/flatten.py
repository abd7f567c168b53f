"""From the export's leaves to landed rows, as SQL: keys, types, no personal data.

Both transports fill the DuckDB table `leaves` (one column per field and parameter) table by table
with `insert_leaves`, then take the landed rows out of it. No row passes through Python.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from trueup.sources import contacts
from trueup.sources.ga4.export import FIELDS, IDENTITY, PARAMETERS, DayTable

#: Rows of one landed part: small days are put together, large ones cut.
PART_ROWS = 200_000

_TYPES = {field.column: field.type for field in FIELDS} | {
    name: type_ for name, _, type_ in PARAMETERS
}
_TYPES["event_date"] = "DATE"
#: What a link can fill: its address, and every reading of its campaign parameters.
_SCRUBBED = {
    column
    for column, type_ in _TYPES.items()
    if type_ == "VARCHAR"
    and column.startswith(("page_", "collected_manual_", "session_", "first_user_"))
}


def connect() -> duckdb.DuckDBPyConnection:
    """A private in-memory database with an empty `leaves`; days are counted in UTC."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    columns = _TYPES | {"table_kind": "VARCHAR", "is_final": "BOOLEAN"}
    con.execute(f"create table leaves ({', '.join(f'{c} {t}' for c, t in columns.items())})")
    return con


def insert_leaves(expressions: dict[str, str], table: DayTable, relation: str) -> str:
    """The statement that adds `relation` to `leaves`. `expressions` says where each column comes
    from; a column the table lacks has none and is null."""
    chosen = ", ".join(_typed(column, found) for column, found in expressions.items())
    return (
        f"insert into leaves ({', '.join(expressions)}, table_kind, is_final)"
        f" select {chosen}, '{table.kind}', {table.is_final} from {relation}"
    )


def _typed(column: str, found: str) -> str:
    if column == "event_date":
        return f"strptime({found}, '%Y%m%d')::date"
    return f"({found})::{_TYPES[column]}"


def landed_rows(con: duckdb.DuckDBPyConnection, at_least: int = 1) -> Iterator[pa.Table]:
    """Take everything out of `leaves` as it lands, in parts, once `at_least` rows are there.

    Call it between tables: exact duplicates, which are real in the export, lie in one table.
    They are numbered in the order of all their other columns, so that any order of reading gives
    the same `event_key`: the hash of what tells events apart, and that number.
    """
    count, first, last = con.execute(
        "select count(*), min(rowid), max(rowid) from leaves"
    ).fetchone()
    if count < max(at_least, 1):
        return
    texts = ", ".join(f"coalesce({c}::varchar, '')" for c in IDENTITY)
    identity = f"md5(concat_ws('|', {texts}))"
    fingerprint = f"hash({', '.join(IDENTITY)})"
    others = ", ".join(c for c in _TYPES if c not in IDENTITY)
    landed = ", ".join(
        _scrubbed(c) if c in _SCRUBBED else c
        for c in (*_TYPES, "table_kind", "is_final")
        if c not in ("event_date", "event_timestamp")
    )
    con.execute(
        f"""
        create or replace temp table ordinals as
        select
            rowid as leaf,
            row_number() over (partition by {identity} order by {others}) as ordinal
        from leaves
        where {fingerprint} in (
            select {fingerprint} from leaves group by all having count(*) > 1
        )"""
    )
    query = f"""
        select
            concat({identity}, '-', coalesce(ordinal, 1)) as event_key,
            event_date,
            make_timestamptz(event_timestamp) as event_at,
            {landed}
        from leaves
        left join ordinals on leaves.rowid = leaf
        where leaves.rowid >= $start and leaves.rowid < $start + {PART_ROWS}"""
    # Part by part: a streamed result of a day of a million events has hung DuckDB 1.5.5 for ever.
    for start in range(first, last + 1, PART_ROWS):
        yield con.execute(query, {"start": start}).to_arrow_table()
    con.execute("truncate leaves")


def _scrubbed(column: str) -> str:
    # Most URLs hold neither an @ nor a contact parameter: the guard spares them both regexes.
    return f"""case when regexp_matches({column}, '@|%(?:25)*40|(?i:mail|phone|msisdn)')
            then regexp_replace(regexp_replace(
                {column}, '{contacts.PARAMETER}', '\\1removed', 'gi'),
                '{contacts.EMAIL_IN_LINK}', 'removed', 'g')
            else {column} end as {column}"""
