"""Loads as Arrow tables, for DuckDB to take in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from trueup.landing.store import Load

TEXT, WHOLE, DATE, MONEY = pa.string(), pa.int64(), pa.date32(), pa.decimal128(38, 6)
ACCOUNT = {"source": TEXT, "stream": TEXT, "account": TEXT}
TAKEN = {**ACCOUNT, "day": DATE, "load_id": TEXT, "is_snapshot": pa.bool_()}
LOAD = {
    "load_id": TEXT,
    **ACCOUNT,
    "since": DATE,
    "until": DATE,
    "committed_at": pa.timestamp("us", tz="UTC"),
}
LOAD_DAY = {
    "load_id": TEXT,
    "day": DATE,
    "offered": WHOLE,
    "landed": WHOLE,
    "set_aside": WHOLE,
    "landed_money": MONEY,
    "set_aside_money": MONEY,
}
OUTSIDE = {
    "load_id": TEXT,
    "row_count": WHOLE,
    "first_day": DATE,
    "last_day": DATE,
    "amount_local": MONEY,
}


def as_rows(loads: Iterable[Load]) -> pa.Table:
    rows = (
        (x.load_id, x.source, x.stream, x.account, x.since, x.until, x.committed_at) for x in loads
    )
    return table_of(rows, LOAD)


def as_days(loads: Iterable[Load]) -> pa.Table:
    rows = (
        (load.load_id, day.day, day.offered, day.landed, day.set_aside,
         _six_places(day.landed_money), _six_places(day.set_aside_money))
        for load in loads
        for day in load.days
    )  # fmt: skip
    return table_of(rows, LOAD_DAY)


def as_outside(loads: Iterable[Load]) -> pa.Table:
    rows = (
        (load.load_id, out.rows, out.first_day, out.last_day, _six_places(out.money))
        for load in loads
        if (out := load.outside)
    )
    return table_of(rows, OUTSIDE)


def _six_places(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round(amount, 6)


def table_of(rows: Iterable[tuple[object, ...]], columns: Mapping[str, pa.DataType]) -> pa.Table:
    """`rows` as an Arrow table, typed also where there are none."""
    values: list[Sequence[object]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table(
        {
            name: pa.array(column, kind)
            for (name, kind), column in zip(columns.items(), values, strict=True)
        }
    )
