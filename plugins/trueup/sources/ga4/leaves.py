"""The DuckDB table `leaves`: one column per field and parameter, and what fills it.

Every way the events come adds to it table by table with `insert_leaves`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from trueup.sources.contract import Access
from trueup.sources.ga4 import amounts
from trueup.sources.ga4.streams import FIELDS, MONEY, OWN, PARAMETERS, Parameter
from trueup.sources.ga4.tables import DayTable

#: Each column and its type.
TYPES = {field.column: field.type for field in FIELDS} | {
    parameter.column: parameter.type for parameter in PARAMETERS
}
TYPES |= {"event_date": "DATE", "items_value": MONEY}
#: What stands in for something else is not known where it cannot be read; nothing is set aside.
_LENIENT = {"items_value"} | {field.column for field in FIELDS if field.optional}


def connect(access: Access | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory database with an empty `leaves`; days are counted in UTC, and it knows
    the property and the currency that its company file gives to values without one. `odd` names
    the column of a row that is not of its type. `leaf` numbers the rows: DuckDB 1.5.5 gives other
    rowids to the rows of a table that was truncated, whenever it tidies up."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    con.execute(amounts.MACROS)
    property_id = access.accounts[0].id if access and access.accounts else None
    con.execute("set variable property_id = $1::varchar", [property_id])
    con.execute("set variable assumed_currency = $1::varchar", [_assumed_currency(access)])
    columns = TYPES | {"table_kind": "VARCHAR", "is_final": "BOOLEAN", "odd": "VARCHAR"}
    declared = ", ".join(f"{c} {t}" for c, t in columns.items())
    con.execute("create sequence leaf_numbers")
    con.execute(f"create table leaves (leaf bigint default nextval('leaf_numbers'), {declared})")
    return con


def _assumed_currency(access: Access | None) -> str | None:
    """The currency of values without one: none, a code, or the property's own."""
    assumed = access.options.get("currency_where_none") if access else None
    if access and assumed == OWN:
        return access.accounts[0].currency_code if access.accounts else None
    return assumed and str(assumed).upper()


def insert_leaves(
    expressions: dict[str, str], table: DayTable, relation: str, odd: str = "null"
) -> str:
    """The statement that adds `relation` to `leaves`. `expressions` says where each column comes
    from; a column the table lacks has none and is null. `odd` says what else can be wrong."""
    chosen = ", ".join(_typed(column, found) for column, found in expressions.items())
    mistyped = " ".join(
        f"when ({found}) is not null and {_typed(column, found)} is null then '{column}'"
        for column, found in expressions.items()
        if TYPES[column] != "VARCHAR" and column not in _LENIENT
    )
    return (
        f"insert into leaves ({', '.join(expressions)}, table_kind, is_final, odd)"
        f" select {chosen}, '{table.kind}', {table.is_final},"
        f" coalesce({odd}, case {mistyped} end) from {relation}"
    )


def first_of(parameter: Parameter, found: list[str], is_text: bool = True) -> str:
    """The first part of a parameter that holds it, so that a number sent as text is still a
    number. What stands in the usual part and cannot be read stays as it is, and costs its row.
    `is_text` says that every part is read as text."""
    if not found:
        return "null"
    usual, *others = found
    if parameter.type == "VARCHAR":
        return f"coalesce({', '.join(f'{one}::varchar' for one in found)})"
    spare = [f"try_cast({one} as {parameter.type})" for one in others]
    if is_text:
        spare = [f"{one}::varchar" for one in spare]
    return f"coalesce({', '.join([usual, *spare])})"


def item_value(revenue: str, price: str, quantity: str) -> str:
    """What one item is worth; one without a quantity is one."""
    return f"coalesce({revenue}, {price} * coalesce({quantity}, 1))"


def _typed(column: str, found: str) -> str:
    if column == "event_date":
        return f"try_cast(try_strptime({found}, '%Y%m%d') as date)"
    return found if TYPES[column] == "VARCHAR" else f"try_cast({found} as {TYPES[column]})"


@contextmanager
def together(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What is added within, and within further calls until rows are taken out, is added as one:
    DuckDB copies each addition that is not large once more, which costs more than all else. Where
    a statement fails, everything since is undone, and the count of the rows says so."""
    if not is_together(con):
        con.begin()
        con.execute("set variable is_together = true")
    try:
        yield
    except duckdb.Error:
        con.rollback()
        con.execute("set variable is_together = false")
        raise


def is_together(con: duckdb.DuckDBPyConnection) -> bool:
    [(found,)] = con.execute("select getvariable('is_together')").fetchall()
    return bool(found)
