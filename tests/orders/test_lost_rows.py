"""Promise 7: a row that is dropped anywhere between the landing and the marts is missed.

Each case spoils one model so that it loses a single row of the small company, builds with it all
that lies between it and the row accounts, and asks them. All cases spoil one build, each within a
transaction that is taken back.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orders import replay
from orders.building import Models, build, building, land_all
from orders.landings import Landed
from orders.truth import HISTORY, tellers
from trueup.build import dbt_functions, raw_tables
from trueup.build.lock import open_build
from trueup.landing.store import Landing

#: Where a row is dropped -> the streams one of which has to be named.
MODELS = {
    "stg_files__orders": {"files.orders"},
    "stg_files__order_money": {"files.orders", "files.refunds", "files.bookings"},
    "stg_files__bookings": {"files.bookings"},
    "stg_files__ad_performance": {"files.ad_performance"},
    "stg_files__touches": {"files.touches"},
    "stg_google_ads__ad_performance": {"google_ads.ad_performance"},
    "stg_google_ads__account_spend": {"google_ads.account_performance"},
    "stg_google_ads__claims": {"google_ads.conversions"},
    "stg_hubspot__deals": {"hubspot.deals"},
    "stg_hubspot__deal_stages": {"hubspot.deal_stages"},
    "stg_ga4__events": {"ga4.events"},
    "stg_fx_rates__rates": {"fx_rates.rates"},
    "fct_conversions": {"files.orders", "files.bookings", "hubspot.contacts", "hubspot.deals"},
    "fct_ledger_entries": {"files.orders", "files.refunds", "files.bookings", "hubspot.deals"},
    "fct_ad_performance_daily": {"files.ad_performance", "google_ads.ad_performance"},
    "fct_touches": {"files.touches", "ga4.events", "files.orders", "hubspot.contacts"},
}
#: In marts where some rows come of a row that another one stands for, such as an order's discount,
#: or of none, such as what an account spent beyond its ads; of what a visit reached, of several.
ROWS_OF_STREAMS = {
    "fct_conversions": "record_type = 'visit'",
    "fct_ad_performance_daily": "allocation = 'ad' desc",
    "fct_ledger_entries": "entry_type = 'refund' desc",
    "fct_touches": "touch_type = 'ga4_session' desc",
}
TABLES = {"raw_files.orders", "raw_files.ad_performance", "raw_hubspot.contacts",
          "raw_google_ads.campaigns"}  # fmt: skip
UNACCOUNTED = "model.trueup.int_rows__unaccounted"


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    """The truth in the end, landed once."""
    landing = Landing(str(tmp_path_factory.mktemp("truth") / "landing"))
    land_all(landing, [Landed(teller, HISTORY, 1) for teller in tellers()])
    return landing


@pytest.fixture(scope="module")
def built(
    models: Models, landed: Landing, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of the mart with nothing dropped. What a test changes is taken back."""
    file = tmp_path_factory.mktemp("built") / "build.duckdb"
    with building(file, landed):
        replay.send(file, models.full)
    with open_build(file) as con:
        con.execute("set threads = 1")
        dbt_functions.register(con)
        yield con


@pytest.fixture
def spoilt(built: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    built.execute("begin")
    yield built
    built.execute("rollback")


def unaccounted(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute(
        "select distinct source || '.' || stream from intermediate.int_rows__unaccounted"
    ).fetchall()
    return {name for (name,) in rows}


def without_a_row(sql: str, model: str) -> str:
    """The statement with one row less in `model`: one that stands for a row of a stream."""
    first = "_rows desc, _day" if model.startswith("stg_") else ROWS_OF_STREAMS.get(model, "1")
    head, final, tail = sql.rpartition("select * from final")
    assert final, f"{model} does not end in `final`"
    return f"{head}{final} qualify row_number() over (order by {first}) > 1{tail}"


def build_again(con: duckdb.DuckDBPyConnection, models: Models, model: str) -> None:
    """`model` with one row less, and the tables between it and the row accounts; a view of
    another model reads what is there."""
    own = f"model.trueup.{model}"
    between = models.graph.reading([own]) & models.graph.read_by([UNACCOUNTED])
    assert own in between
    makes = re.compile(r'create\s+(view|table)\s+("build"\."\w+"\."(\w+)")|insert into "build"')
    made = []
    for one in models.full:
        if one.node != own and (one.node not in between or models.graph.kinds[one.node] == "view"):
            continue
        if (found := makes.search(one.sql)) and found[1]:
            con.execute(f"drop {found[1]} {found[2]}")
            made.append(found[3])
        con.execute(without_a_row(one.sql, model) if found and one.node == own else one.sql)
    assert model in made and len(made) > 1


def test_nothing_is_missed_where_nothing_is_dropped(built: duckdb.DuckDBPyConnection):
    assert unaccounted(built) == set()


@pytest.mark.parametrize("model", MODELS)
def test_a_row_dropped_by_a_model_is_missed(
    models: Models, spoilt: duckdb.DuckDBPyConnection, model: str
):
    build_again(spoilt, models, model)
    assert unaccounted(spoilt) & MODELS[model]


def test_a_row_dropped_on_the_way_into_a_raw_table_is_missed(
    models: Models, landed: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Of four tables in one build: each is missed by its own name."""
    apply = raw_tables.apply

    def drop_one(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Any) -> None:
        apply(con, landing, arrived)
        if arrived.table in TABLES:
            table = arrived.table
            con.execute(f"delete from {table} where rowid = (select min(rowid) from {table})")

    monkeypatch.setattr(raw_tables, "apply", drop_one)
    file = tmp_path / "build.duckdb"
    shutil.copy(models.empty, file)
    build(file, landed, replay.only(models.incremental, models.graph.read_by([UNACCOUNTED])))
    with open_build(file, read_only=True) as con:
        assert unaccounted(con) >= {table.removeprefix("raw_") for table in TABLES}
