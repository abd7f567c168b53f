"""A shop of four small streams, one of each kind, landed and applied without any vendor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trueup.build import bulk, loads, raw_tables, refresh
from trueup.build.loads import Arrived
from trueup.build.schema import SCHEMA
from trueup.company import company_file
from trueup.company.company_file import Company
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources import registry
from trueup.sources.contract import Column, Source, Stream
from trueup.window import Window

DAILY = Stream(
    name="daily",
    columns=(
        Column("id", required=True),
        Column("on_date", "DATE"),
        Column("cost", "DECIMAL(18,6)"),
    ),
    key=("id", "on_date"),
    day="on_date",
    history=True,
    empty_ok=True,
    money="cost",
    control=("cost",),
)
ORDERS = Stream(
    name="orders",
    columns=(
        Column("id", required=True),
        Column("changed_at", "TIMESTAMPTZ"),
        Column("total", "BIGINT"),
    ),
    key=("id",),
    kind="changes",
    cursor="changed_at",
    empty_ok=True,
    money="total",
)
SETTINGS = Stream(
    name="settings", columns=(Column("key"), Column("value")), key=("key",), kind="snapshot"
)
EVENTS = Stream(
    name="events",
    columns=(
        Column("id", required=True),
        Column("on_date", "DATE"),
        Column("params", "JSON"),
        Column("amount", "DECIMAL(18,6)"),
    ),
    key=("id",),
    day="on_date",
    empty_ok=True,
    money="amount",
    bulk=True,
)
SHOP = Source(
    name="shop",
    api_version="1",
    streams=(DAILY, ORDERS, SETTINGS, EVENTS),
    extract=lambda *_: iter(()),
)
NOON = datetime(2026, 9, 10, 12, tzinfo=UTC)


@contextmanager
def open_empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """A build in memory with the shop's tables and nothing applied."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(SCHEMA)
        raw_tables.create(con, SHOP)
        yield con


def company(patch: pytest.MonkeyPatch) -> Company:
    """A company whose one source is the shop, with the accounts 1 and 2."""
    demo = company_file.read(Path(__file__).parents[1] / "company.yml")
    for place in (refresh, registry):
        patch.setattr(place, "load_all", lambda: (SHOP,))
    patch.setattr(refresh, "load_source", lambda _: SHOP)
    patch.setattr(registry, "load", lambda _: SHOP)
    entry = demo.sources["shopify"]
    accounts = tuple(entry.accounts[0].model_copy(update={"id": one}) for one in ("1", "2"))
    shop = entry.model_copy(update={"credentials": {}, "accounts": accounts})
    return demo.model_copy(update={"sources": {"shop": shop}})


def day(number: int) -> date:
    return date(2026, 9, number)


def land(
    landing: Landing,
    stream: Stream,
    since: int,
    until: int,
    rows: list[Any],
    hours: int = 0,
    account: str = "",
) -> Load:
    """`rows` (dicts, or pages such as SetAside) as a load committed `hours` after noon."""
    pages = [[row] if isinstance(row, dict) else row for row in rows]
    return take_in(
        landing, "shop", stream, Window(day(since), day(until)), iter(pages), api_version="1",
        hash_key="k", accepted=True, account=account, committed_at=NOON + timedelta(hours=hours),
    )  # fmt: skip


def apply(con: duckdb.DuckDBPyConnection, landing: Landing, stream: Stream, *found: Load) -> None:
    """What a build does with new loads of one stream, less the hashes of their files."""
    arrived = Arrived("shop", stream, found)
    loads.note(con, landing, [arrived])
    (bulk if stream.bulk else raw_tables).apply(con, landing, arrived)
    raw_tables.count_rows(con, [arrived])


def cost(id: str, number: int, amount: float) -> dict[str, object]:
    return {"id": id, "on_date": day(number), "cost": amount}


def version(id: str, number: int, total: int) -> dict[str, object]:
    return {"id": id, "changed_at": datetime(2026, 9, number, 8, tzinfo=UTC), "total": total}


def event(id: str, number: int, amount: float | None = None) -> dict[str, object]:
    return {"id": id, "on_date": day(number), "params": {"n": number}, "amount": amount}


def content(con: duckdb.DuckDBPyConnection, table: str, columns: str = "*") -> list[Any]:
    return con.execute(f"select {columns} from raw_shop.{table} order by all").fetchall()


def changed(con: duckdb.DuckDBPyConnection) -> list[date]:
    found = con.execute("select day from trueup.changed_days order by 1").fetchall()
    return [day for (day,) in found]
