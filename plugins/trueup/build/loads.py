"""Which loads are in force, and what each holds: the manifests as tables of the build file.

Of a stream, an account and a day the newest committed load is in force; of a snapshot the newest
of each account. Loads come in the order of their commits, so a new one takes over every day it
covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from trueup.errors import TrueupError
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Stream

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


@dataclass(frozen=True)
class Arrived:
    """The loads of one stream that a build has not applied yet, oldest commit first."""

    source: str
    stream: Stream
    loads: tuple[Load, ...]

    @property
    def table(self) -> str:
        return f"raw_{self.source}.{self.stream.name}"


def in_force(stream: Stream, loads: Iterable[Load]) -> dict[tuple[str, date], Load]:
    """For each account and day the newest of `loads`, which come oldest first."""
    if stream.kind == "snapshot":
        newest = {load.account: load for load in loads}
        return {(load.account, load.window.last_day): load for load in newest.values()}
    return {(load.account, day): load for load in loads for day in load.window.days()}


def needed(stream: Stream, loads: Sequence[Load]) -> list[Load]:
    """Those of `loads` whose files a build reads."""
    if stream.kind == "changes" or stream.history:
        return list(loads)
    current = {load.load_id for load in in_force(stream, loads).values()}
    return [load for load in loads if load.load_id in current]


def note(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Sequence[Arrived]) -> None:
    """Write down what the new loads are, what they hold, and the days they take over.

    Leaves a temp table `taken_over`: the days earlier loads were in force for until now.
    """
    loads = [load for one in arrived for load in one.loads]
    _insert(con, ("trueup.new_loads", "trueup.applied_loads"), _as_rows(loads))
    _insert(con, ("trueup.load_days",), _as_days(loads))
    _insert(con, ("trueup.load_rows_outside",), _as_outside(loads))
    _note_set_aside(con, landing, loads)
    _take_over(con, arrived)


def _take_over(con: duckdb.DuckDBPyConnection, arrived: Sequence[Arrived]) -> None:
    rows = [
        (one.source, one.stream.name, account, day, load.load_id, one.stream.kind == "snapshot")
        for one in arrived
        for (account, day), load in in_force(one.stream, one.loads).items()
    ]
    con.register("taken", table_of(rows, TAKEN))
    con.execute(
        """
        create or replace temp table taken_over as
        select current_days.*
        from trueup.current_days
        semi join taken
            on current_days.source = taken.source
            and current_days.stream = taken.stream
            and current_days.account = taken.account
            and (current_days.day = taken.day or taken.is_snapshot);
        delete from trueup.current_days using taken_over
        where current_days.load_id = taken_over.load_id and current_days.day = taken_over.day;
        insert into trueup.current_days select * exclude (is_snapshot) from taken;
        """
    )
    con.unregister("taken")


def _note_set_aside(
    con: duckdb.DuckDBPyConnection, landing: Landing, loads: Sequence[Load]
) -> None:
    """Rows that intake could not use; not what they say, which may be personal data."""
    files = [landing.url(landing.set_aside_file(x)) for x in loads if x.set_aside_count]
    if not files:
        return
    try:
        con.execute(
            """
            insert into trueup.load_rows_set_aside
            select
                regexp_extract(filename, '([^/]+)[.]set_aside[.]parquet$', 1),
                day, position, reason, kind, amount, is_lost
            from read_parquet($files, filename = true)
            """,
            {"files": files},
        )
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
        raise TrueupError(
            "the list of a load's rows set aside cannot be read",
            got=" ".join(str(error).split()),
            next_step="put the file back, or set its load aside with `trueup reject LOAD --why`",
        ) from None


def write_freshness(
    con: duckdb.DuckDBPyConnection, expected: Iterable[tuple[str, str, str]], through: date
) -> None:
    """How far each stream and account has landed, also those that never did.

    `expected` are the (source, stream, account) the company names.
    """
    con.register("expected", table_of(expected, ACCOUNT))
    con.execute(
        """
        delete from trueup.freshness;
        insert into trueup.freshness
        with landed as (
            select source, stream, account, max(day) as landed_through
            from trueup.current_days
            group by all
        ),
        committed as (
            select source, stream, account, max(committed_at) as committed_at
            from trueup.applied_loads
            group by all
        )
        select
            source, stream, account, landed_through, committed_at,
            coalesce(landed_through < $through, true)
        from expected
        left join landed using (source, stream, account)
        left join committed using (source, stream, account)
        """,
        {"through": through},
    )
    con.unregister("expected")


def _as_rows(loads: Iterable[Load]) -> pa.Table:
    rows = (
        (x.load_id, x.source, x.stream, x.account, x.since, x.until, x.committed_at) for x in loads
    )
    return table_of(rows, LOAD)


def _as_days(loads: Iterable[Load]) -> pa.Table:
    rows = (
        (load.load_id, day.day, day.offered, day.landed, day.set_aside,
         _six_places(day.landed_money), _six_places(day.set_aside_money))
        for load in loads
        for day in load.days
    )  # fmt: skip
    return table_of(rows, LOAD_DAY)


def _as_outside(loads: Iterable[Load]) -> pa.Table:
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


def _insert(con: duckdb.DuckDBPyConnection, tables: Sequence[str], rows: pa.Table) -> None:
    con.register("noted", rows)
    for table in tables:
        con.execute(f"insert into {table} by name from noted")
    con.unregister("noted")
