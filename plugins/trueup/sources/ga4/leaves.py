"""What is read of an event: one leaf per field and parameter.

Every way the events come gives Arrow tables of leaves as it found them, as text or not. `show`
makes one of them the view `leaves`, which types them as it is read.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

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
_PARAMETERS = {parameter.column: parameter for parameter in PARAMETERS}
#: The last microsecond of the year 9999, as far as Python and its like go. What was written in
#: nanoseconds is beyond it.
LAST_MOMENT = 253_402_300_799_999_999
#: What a table of leaves may hold beside them.
_BESIDE = ("table_kind", "is_final", "place")


def connect(access: Access | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory database: days are counted in UTC, and it knows the property and the
    currency that its company file gives to values without one."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    con.execute(amounts.MACROS)
    property_id = access.accounts[0].id if access and access.accounts else None
    con.execute("set variable property_id = $1::varchar", [property_id])
    con.execute("set variable assumed_currency = $1::varchar", [_assumed_currency(access)])
    return con


def _assumed_currency(access: Access | None) -> str | None:
    """The currency of values without one: none, a code, or the property's own."""
    assumed = access.options.get("currency_where_none") if access else None
    if access and assumed == OWN:
        return access.accounts[0].currency_code if access.accounts else None
    return assumed and str(assumed).upper()


def select_leaves(
    expressions: dict[str, str],
    table: DayTable,
    relation: str,
    odd: str = "null",
    is_final: str = "",
) -> str:
    """The leaves of `relation` as they are found. `expressions` says where each stands; what the
    table lacks has none. `odd` says what else can be wrong with a row."""
    chosen = ", ".join(
        f"({found})::varchar as {column}" if TYPES[column] == "VARCHAR" else f"{found} as {column}"
        for column, found in expressions.items()
    )
    return (
        f"select {chosen}, '{table.kind}' as table_kind, {is_final or table.is_final} as is_final,"
        f" ({odd})::varchar as odd from {relation}"
    )


def show(con: duckdb.DuckDBPyConnection, found: pa.Table) -> None:
    """Make `found` the view `leaves`: every column of `TYPES`, null where it lacks, and what stands
    beside them. `odd` names the column of a row that is not of its type."""
    names = found.column_names
    standing = {column: _standing(column, names) for column in TYPES}
    chosen = ", ".join(f"{_typed(column, one)} as {column}" for column, one in standing.items())
    mistyped = " ".join(
        f"when ({one}) is not null and {_typed(column, one)} is null then '{column}'"
        for column, one in standing.items()
        if TYPES[column] != "VARCHAR" and column not in _LENIENT
    )
    odd = f"coalesce({'odd' if 'odd' in names else 'null'}, case {mistyped} end) as odd"
    chosen = ", ".join([chosen, odd, *(name for name in _BESIDE if name in names)])
    con.register("found", found)
    con.execute(f"create or replace temp view leaves as select {chosen} from found")


def part_column(parameter: Parameter, part: str) -> str:
    """What holds one part of a parameter, where each has a column of its own."""
    return parameter.column if len(parameter.parts) == 1 else f"{parameter.column}__{part}"


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


def _standing(column: str, names: list[str]) -> str:
    """Where a leaf stands among `names`: in its own column, or in those of a parameter's parts."""
    if column in names:
        return column
    parameter = _PARAMETERS.get(column)
    parts = [part_column(parameter, part) for part in parameter.parts] if parameter else []
    held = [part for part in parts if part in names]
    return first_of(parameter, held, is_text=False) if parameter and held else "null"


def _typed(column: str, found: str) -> str:
    if column == "event_date":
        return f"try_cast(try_strptime({found}, '%Y%m%d') as date)"
    if TYPES[column] == "VARCHAR":
        return f"{found}::varchar"
    cast = f"try_cast({found} as {TYPES[column]})"
    if column == "event_timestamp":
        return f"case when {cast} between 0 and {LAST_MOMENT} then {cast} end"
    return cast
