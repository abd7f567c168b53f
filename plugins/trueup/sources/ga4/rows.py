"""From the export's leaves to landed rows: keys, types, no personal data.

What is computed is SQL over the view `leaves`. Texts that land as they came pass it by: to copy
them took as long as all else. No row passes through Python, except those of which a value is not
of its column's type: each is set aside, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trueup.errors import BrokenContract, TrueupError, UnknownRefusal, VendorUnavailable
from trueup.sources import contacts
from trueup.sources.contract import Absent, ControlTotal, Page, SetAside
from trueup.sources.ga4 import amounts
from trueup.sources.ga4.leaves import TYPES, connect, show
from trueup.sources.ga4.streams import FIELDS, IDENTITY, LENT
from trueup.sources.ga4.tables import DayTable
from trueup.sources.refusals import Place
from trueup.window import Window

__all__ = ["connect", "landed_rows", "of_days"]

#: Rows of one landed part: small days are put together, large ones cut.
PART_ROWS = 200_000

#: Columns that land in another form, or only in the event's key.
_NOT_AS_THEY_ARE = {"event_date", "event_timestamp", "transaction_id", "items_value", *LENT}
_NOT_AS_THEY_ARE |= {field.column for field in FIELDS if not field.is_landed}
_AS_THEY_ARE = [column for column in TYPES if column not in _NOT_AS_THEY_ARE]
#: Columns that are taken as they were found, where they were.
_FROM_LEAVES = {column for column in _AS_THEY_ARE if TYPES[column] == "VARCHAR"}
_FROM_LEAVES |= {"table_kind", "is_final"}
#: What a link can fill: its address, and every reading of its campaign parameters.
_SCRUBBED = {
    column
    for column in _FROM_LEAVES
    if column.startswith(("page_", "collected_manual_", "session_", "first_user_"))
}
#: Most columns hold neither an @, nor an escape, nor a parameter, which spares them the regexes.
_SUSPECT = (b"@", b"%", b"=")
_SCRUB = f"""
    select
        case when regexp_matches(text, '{contacts.GUARD}')
            then regexp_replace(regexp_replace(
                text, '{contacts.PARAMETER}', '\\1removed', 'gi'),
                '{contacts.EMAIL_IN_LINK}', 'removed', 'g')
            else text end as text
    from texts"""
_TEXTS = ", '|', ".join(IDENTITY)
_IDENTITY = f"md5(concat({_TEXTS}))"  # to `concat` null is an empty text
_LANDED = {
    "event_key": f"concat({_IDENTITY}, '-1')",
    "event_date": "event_date",
    "event_at": "make_timestamptz(event_timestamp)",
    **{column: column for column in _AS_THEY_ARE},
    "transaction_id": "coalesce(id_of(transaction_id), id_of(sent_transaction_id))",
    **amounts.COLUMNS,
    "table_kind": "table_kind",
    "is_final": "is_final",
}
_DAY = timedelta(days=1)

#: The leaves of one table, and its row count where it states one.
Read: TypeAlias = "tuple[list[pa.Table], int | None]"


class Rewritten(VendorUnavailable):
    """A table was written to while it was read; to be read again."""


def of_days(
    con: duckdb.DuckDBPyConnection,
    tables: list[DayTable],
    read: Callable[[DayTable], Read],
    place: Place,
) -> Iterator[Page]:
    """Every day's events, as `read` finds them, then the sum of the row counts it states. A day
    that cannot be read, twice, stays open; where none can, the error is raised."""
    waiting: list[pa.Table] = []
    stated: list[int | None] = []
    failed: list[tuple[DayTable, TrueupError]] = []
    for table in tables:
        try:
            found, count = _read_twice(table, read, place)
        except (BrokenContract, Rewritten, UnknownRefusal) as error:
            failed.append((table, error))
            continue
        stated.append(count)
        # Tables of one form land together, which spares small days a statement each.
        if waiting and found and waiting[0].schema != found[0].schema:
            yield from landed_rows(con, waiting)
            waiting = []
        waiting += found
        if _count(waiting) >= PART_ROWS:
            yield from landed_rows(con, waiting)
            waiting = []
    yield from landed_rows(con, waiting)
    if failed and not stated:
        raise failed[0][1]
    for table, why in failed:
        day = Window(table.day, table.day + _DAY)
        yield Absent(day, f"{table.day} stays open: {why.problem}", "gap")
    if None not in stated:
        yield ControlTotal("rows", sum(count or 0 for count in stated))


def _count(found: list[pa.Table]) -> int:
    return sum(one.num_rows for one in found)


def _read_twice(table: DayTable, read: Callable[[DayTable], Read], place: Place) -> Read:
    for attempt in (1, 2):
        try:
            found, stated = read(table)
            if stated in (None, _count(found)):
                return found, stated
            raise UnknownRefusal(
                f"table {table.name} does not hold the rows it states (a lost page?)",
                **place,
                expected=f"{stated} rows",
                got=f"{_count(found)} rows",
                next_step="the task retries by itself; if it repeats, look at the table in the"
                " BigQuery console",
            )
        except (BrokenContract, Rewritten, UnknownRefusal):
            if attempt == 2:
                raise
    raise AssertionError("unreachable: the second attempt returns or raises")


def landed_rows(con: duckdb.DuckDBPyConnection, found: list[pa.Table]) -> Iterator[Page]:
    """The leaves of whole tables, all of one schema, as they land, in parts.

    Of whole ones, for exact duplicates, which are real in the export, lie in one table. They are
    numbered in the order of all their other columns, so that any order of reading gives the same
    `event_key`: the hash of what tells events apart, and that number.
    """
    if not _count(found):
        return
    leaves = pa.concat_tables(found)
    # Part by part: a streamed result of a day of a million events has hung DuckDB 1.5.5 for ever.
    starts = range(0, leaves.num_rows, PART_ROWS)
    rows = pa.concat_tables(_computed(con, leaves.slice(start, PART_ROWS)) for start in starts)
    if rows["odd"].null_count < rows.num_rows:
        is_odd = pc.is_valid(rows["odd"])
        yield from _set_aside(con, leaves.filter(is_odd))
        rows, leaves = (one.filter(pc.invert(is_odd)) for one in (rows, leaves))
    rows = rows.set_column(0, "event_key", _numbered(con, rows, leaves)).select(list(_LANDED))
    for start in range(0, rows.num_rows, PART_ROWS):
        yield rows.slice(start, PART_ROWS)


def _computed(con: duckdb.DuckDBPyConnection, leaves: pa.Table) -> pa.Table:
    """Each row as it lands, in the order of `leaves`, its key as if it were the only one of its
    identity; beside it that key's `fingerprint`, and what is `odd`."""
    as_found = _FROM_LEAVES.intersection(leaves.column_names)
    chosen = ", ".join(f"{sql} as {name}" for name, sql in _LANDED.items() if name not in as_found)
    show(con, leaves.append_column("place", pa.array(np.arange(leaves.num_rows))))
    made = con.execute(
        f"""
        select {chosen}, hash(event_key) as fingerprint, odd, place
        from (
            select
                *,
                {amounts.SENT} as sent,
                {amounts.IN_USD} as in_usd,
                currency_of(currency) as own_currency
            from (select *, {amounts.NUMBER} as sent_number from leaves))"""
    ).to_arrow_table()
    # The threads of a join, as DuckDB makes of a longer IN (...), give rows in any order.
    if (np.diff(made["place"].to_numpy()) < 0).any():
        made = made.sort_by("place")
    columns = {name: leaves[name] if name in as_found else made[name] for name in _LANDED}
    columns |= {name: _scrubbed(con, columns[name]) for name in _SCRUBBED}
    return pa.table(columns | {name: made[name] for name in ("fingerprint", "odd")})


def _scrubbed(con: duckdb.DuckDBPyConnection, column: pa.ChunkedArray) -> Any:
    """A column of texts without contact details; each text is looked at once."""
    held = (chunk.buffers()[2] for chunk in column.chunks)
    if not any(sign in text for text in map(bytes, filter(None, held)) for sign in _SUSPECT):
        return column
    coded = column.combine_chunks().dictionary_encode()
    con.register("texts", pa.table({"text": coded.dictionary}))
    clean = con.execute(_SCRUB).to_arrow_table()["text"].combine_chunks()
    return clean.take(coded.indices)


def _numbered(con: duckdb.DuckDBPyConnection, rows: pa.Table, leaves: pa.Table) -> Any:
    """Every event's key: most are the only one of their identity, the others are counted."""
    fingerprints = rows["fingerprint"].to_numpy()
    ordered = np.sort(fingerprints)
    is_repeated = np.isin(fingerprints, ordered[1:][ordered[1:] == ordered[:-1]])
    if not is_repeated.any():
        return rows["event_key"]
    places = np.flatnonzero(is_repeated)
    show(con, leaves.take(places).append_column("place", pa.array(places)))
    others = ", ".join(column for column in TYPES if column not in IDENTITY)
    counted = con.execute(
        f"select concat({_IDENTITY}, '-', row_number() over"
        f" (partition by {_IDENTITY} order by {others})) as event_key from leaves order by place"
    ).to_arrow_table()
    keys, counted = (one["event_key"].combine_chunks() for one in (rows, counted))
    return pc.replace_with_mask(keys, is_repeated, counted)


def _set_aside(con: duckdb.DuckDBPyConnection, leaves: pa.Table) -> Iterator[SetAside]:
    """The rows with a value that is not of its type."""
    show(con, leaves)
    found = con.execute("select odd, event_date, event_timestamp, event_name from leaves")
    for odd, day, at, name in found.fetchall():
        where = f"{name} at {at} of {day}"
        expected = f" as {TYPES[odd]}" if odd in TYPES else ""
        yield SetAside(where, f"{odd} cannot be read{expected}", where, day=day)
