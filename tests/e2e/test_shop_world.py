"""A shop whose orders lead every life the world knows, each in plenty: the ledger is the truth."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import uvicorn

from cases.shop_company import ledger_alone
from cases.small_company import SmallCompany
from sandbox import demo
from sandbox.server import create_app
from sandbox.world import Parameters, generate
from sandbox.world.payments import LIVES_MIX

#: The world is simulated until October; the shop is landed until here.
DAY = "2026-09-20"
CLOCK = datetime(2026, 9, 21, 6)
PLENTY = Parameters(
    **dict.fromkeys(LIVES_MIX.values(), 0.08), cancel_share=0.1, gift_card_share=0.5,
    till_share=0.1,
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plenty") / "world"
    generate(folder, start=date(2026, 8, 1), until=date(2026, 10, 1), scale=0.2, parameters=PLENTY)
    return folder


@pytest.fixture(scope="module")
def url(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = create_app(world, tmp_path_factory.mktemp("desk"))
    app.state.desk.set_clock(CLOCK)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def company(url: str, tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    names = ("client_id", "client_secret")
    secrets = {f"TRUEUP_SECRET_{name.upper()}": demo.secret(f"shopify_{name}") for name in names}
    small = SmallCompany(tmp_path_factory.mktemp("company"), environment=secrets)
    account = {"id": "harbour-house.myshopify.com", "time_zone": "Europe/Lisbon", "currency": "EUR"}
    small.sources = {
        "shopify": {
            "base_url": f"{url}/shopify", "accounts": [account],
            "credentials": {name: name for name in names},
        }
    }  # fmt: skip
    small.more = {"history": {"start": "2026-08-01"}}
    small.goal("sale", {"source": "shopify", "selector": "order"})
    landed = small.land("shopify", DAY)
    assert landed.code == 0, landed.text
    with ledger_alone():
        built = small.build(DAY)
    assert built.code == 0, built.text
    return small


def rows(sql: str, file: Path | None = None, **values: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file or ":memory:"), read_only=file is not None) as con:
        return con.execute(sql, values or None).fetchall()


def test_every_entry_of_the_ledger_is_the_worlds_on_its_day_and_of_its_kind(
    company: SmallCompany, world: Path
):
    grain = "conversion_id, entry_type, {day}::varchar"
    true_day = "(entry_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date"
    truth = f"""
        select {grain.format(day=true_day)}, sum(amount)
        from '{world}/true_ledger.parquet'
        where conversion_id like 'shopify:%' and {true_day} <= date '{DAY}'
        group by all order by all
    """
    mart = f"""
        select {grain.format(day="entry_date")}, sum(amount)
        from intermediate.int_ledger_entries__unioned
        group by all order by all
    """
    expected, found = rows(truth), rows(mart, company.build_file)
    assert len(expected) > 200
    assert {kind for _, kind, _, _ in expected} == {
        "sale", "discount", "refund", "chargeback", "credit_sold", "credit_spent",
        "credit_returned",
    }  # fmt: skip
    assert found == expected


def test_orders_that_nobody_paid_wait_or_are_void(company: SmallCompany, world: Path):
    lives = f"select 'shopify:' || order_id, life from '{world}/orders.parquet'"
    life_of = dict(rows(lives))
    statuses = rows(
        "select conversion_id, status from intermediate.int_conversions__recorded",
        company.build_file,
    )
    shown: dict[str, set[str]] = {}
    for conversion_id, status in statuses:
        shown.setdefault(life_of[conversion_id], set()).add(status)
    assert shown["never_paid"] == {"pending"}
    assert shown["expired"] <= {"pending", "void"} and "void" in shown["expired"]
    assert "cancelled" in shown["voided"] and "cancelled" in shown["fee_kept"]
    assert shown["card_spent"] == shown["charged_back"] == {"won"}


def test_orders_of_the_till_are_not_of_the_web(company: SmallCompany, world: Path):
    till = rows(f"select count(*) from '{world}/orders.parquet' where source_name = 'pos'"
                f" and ordered_at < timestamp '{DAY}' + interval 23 hours")  # fmt: skip
    recorded = rows(
        "select count(*) from intermediate.int_conversions__recorded where not is_web",
        company.build_file,
    )
    assert recorded == till and till[0][0] > 10
