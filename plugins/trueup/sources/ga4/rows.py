"""From the export's leaves to landed rows, as SQL: keys, types, no personal data.

Every way the events come fills the table `leaves`, then the landed rows are taken out of it. No row
passes through Python, except
those of which a value is not of its column's type: each is set aside, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import duckdb

from trueup.errors import BrokenContract, TrueupError, UnknownRefusal, VendorUnavailable
from trueup.sources import contacts
from trueup.sources.contract import Absent, ControlTotal, Page, SetAside
from trueup.sources.ga4 import amounts
from trueup.sources.ga4.leaves import TYPES, connect, insert_leaves, is_together, together
from trueup.sources.ga4.streams import FIELDS, IDENTITY, LENT
from trueup.sources.ga4.tables import DayTable
from trueup.sources.refusals import Place
from trueup.window import Window

__all__ = ["connect", "insert_leaves", "landed_rows", "of_days", "together"]

#: Rows of one landed part: small days are put together, large ones cut.
PART_ROWS = 200_000

#: What a link can fill: its address, and every reading of its campaign parameters.
_SCRUBBED = {
    column
    for column, type_ in TYPES.items()
    if type_ == "VARCHAR"
    and column.startswith(("page_", "collected_manual_", "session_", "first_user_"))
}
#: Columns that land in another form, or only in the event's key.
_NOT_AS_THEY_ARE = {"event_date", "event_timestamp", "transaction_id", "items_value", *LENT}
_NOT_AS_THEY_ARE |= {field.column for field in FIELDS if not field.is_landed}
_DAY = timedelta(days=1)


class Rewritten(VendorUnavailable):
    """A table was written to while it was read; to be read again."""


def of_days(
    con: duckdb.DuckDBPyConnection,
    tables: list[DayTable],
    read: Callable[[DayTable], int | None],
    place: Place,
) -> Iterator[Page]:
    """Every day's events, as `read` adds them to `leaves`, then the sum of the row counts it
    states. A day that cannot be read, twice, stays open; where none can, the error is raised."""
    stated: list[int | None] = []
    failed: list[tuple[DayTable, TrueupError]] = []
    for table in tables:
        try:
            stated.append(_read_twice(con, table, read, place))
        except (BrokenContract, Rewritten, UnknownRefusal) as error:
            failed.append((table, error))
            continue
        yield from landed_rows(con, at_least=PART_ROWS)
    yield from landed_rows(con)
    if failed and not stated:
        raise failed[0][1]
    for table, why in failed:
        day = Window(table.day, table.day + _DAY)
        yield Absent(day, f"{table.day} stays open: {why.problem}", "gap")
    if None not in stated:
        yield ControlTotal("rows", sum(count or 0 for count in stated))


def _read_twice(
    con: duckdb.DuckDBPyConnection,
    table: DayTable,
    read: Callable[[DayTable], int | None],
    place: Place,
) -> int | None:
    [(newest,)] = con.execute("select coalesce(max(leaf), 0) from leaves").fetchall()
    for attempt in (1, 2):
        try:
            stated = read(table)
            [(got,)] = con.execute(
                "select count(*) from leaves where leaf > ?", [newest]
            ).fetchall()
            if stated in (None, got):
                return stated
            raise UnknownRefusal(
                f"table {table.name} does not hold the rows it states (a lost page?)",
                **place,
                expected=f"{stated} rows",
                got=f"{got} rows",
                next_step="the task retries by itself; if it repeats, look at the table in the"
                " BigQuery console",
            )
        except (BrokenContract, Rewritten, UnknownRefusal):
            con.execute("delete from leaves where leaf > ?", [newest])
            if attempt == 2:
                raise
    raise AssertionError("unreachable: the second attempt returns or raises")


def landed_rows(con: duckdb.DuckDBPyConnection, at_least: int = 1) -> Iterator[Page]:
    """Take everything out of `leaves` as it lands, in parts, once `at_least` rows are there.

    Call it between tables: exact duplicates, which are real in the export, lie in one table.
    They are numbered in the order of all their other columns, so that any order of reading gives
    the same `event_key`: the hash of what tells events apart, and that number.
    """
    yield from _set_aside(con)
    count, first, last = con.execute(
        "select count(*), min(leaf), max(leaf) from leaves"
    ).fetchall()[0]
    if count < max(at_least, 1):
        return
    if is_together(con):
        con.commit()
        con.execute("set variable is_together = false")
    texts = ", ".join(f"coalesce({c}::varchar, '')" for c in IDENTITY)
    identity = f"md5(concat_ws('|', {texts}))"
    _number_duplicates(con, identity)
    query = f"""
        select
            concat({identity}, '-', coalesce(ordinal, 1)) as event_key,
            event_date,
            make_timestamptz(event_timestamp) as event_at,
            {_AS_THEY_LAND}
        from (
            select
                *,
                {amounts.SENT} as sent,
                {amounts.IN_USD} as in_usd,
                currency_of(currency) as own_currency
            from (select *, {amounts.NUMBER} as sent_number from leaves))
        left join ordinals using (leaf)
        where leaf >= $start and leaf < $start + {PART_ROWS}"""
    # Part by part: a streamed result of a day of a million events has hung DuckDB 1.5.5 for ever.
    for start in range(first, last + 1, PART_ROWS):
        yield con.execute(query, {"start": start}).to_arrow_table()
    con.execute("truncate leaves")


def _number_duplicates(con: duckdb.DuckDBPyConnection, identity: str) -> None:
    """Count the events of one `identity` through; most events are the only one of theirs."""
    fingerprint = f"hash({', '.join(IDENTITY)})"
    others = ", ".join(c for c in TYPES if c not in IDENTITY)
    con.execute(
        f"""
        create or replace temp table ordinals as
        select
            leaf,
            row_number() over (partition by {identity} order by {others}) as ordinal
        from leaves
        where {fingerprint} in (
            select {fingerprint} from leaves group by all having count(*) > 1
        )"""
    )


def _set_aside(con: duckdb.DuckDBPyConnection) -> Iterator[SetAside]:
    """Take the rows with a value that is not of its type out of `leaves`."""
    found = con.execute(
        "select odd, event_date, event_timestamp, event_name from leaves where odd is not null"
    ).fetchall()
    for odd, day, at, name in found:
        where = f"{name} at {at} of {day}"
        expected = f" as {TYPES[odd]}" if odd in TYPES else ""
        yield SetAside(where, f"{odd} cannot be read{expected}", where, day=day)
    if found:
        con.execute("delete from leaves where odd is not null")


def _scrubbed(column: str) -> str:
    # Most texts hold neither an @, nor an escape, nor a parameter, and most links no contact: the
    # guards, the cheap one first, spare them the regexes.
    suspect = " or ".join(f"contains({column}, '{sign}')" for sign in "@%=")
    return f"""case when ({suspect}) and regexp_matches({column}, '{contacts.GUARD}')
            then regexp_replace(regexp_replace(
                {column}, '{contacts.PARAMETER}', '\\1removed', 'gi'),
                '{contacts.EMAIL_IN_LINK}', 'removed', 'g')
            else {column} end as {column}"""


_TRANSACTION = "coalesce(id_of(transaction_id), id_of(sent_transaction_id)) as transaction_id"
_AS_THEY_LAND = ", ".join(
    [_scrubbed(c) if c in _SCRUBBED else c for c in TYPES if c not in _NOT_AS_THEY_ARE]
    + [_TRANSACTION]
    + [f"{sql} as {column}" for column, sql in amounts.COLUMNS.items()]
    + ["table_kind", "is_final"]
)
