"""Promise 7: a row that is dropped anywhere between the landing and the marts is missed.

Each case spoils one model so that it loses a single row of the small company, builds all of the
mart with it, and asks the row accounts.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orders import replay
from orders.building import Models, building, land_all
from orders.landings import Landed
from orders.truth import HISTORY, tellers
from trueup.build import raw_tables
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
#: In marts where some rows come of a row that another one stands for, such as an order's discount.
ROWS_OF_STREAMS = {
    "fct_ledger_entries": "entry_type = 'refund' desc",
    "fct_touches": "touch_type = 'ga4_session' desc",
}
TABLES = ("raw_files.orders", "raw_files.ad_performance", "raw_hubspot.contacts",
          "raw_google_ads.campaigns")  # fmt: skip


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    """The truth in the end, landed once."""
    landing = Landing(str(tmp_path_factory.mktemp("truth") / "landing"))
    land_all(landing, [Landed(teller, HISTORY, 1) for teller in tellers()])
    return landing


def unaccounted(file: Path) -> set[str]:
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "select distinct source || '.' || stream from intermediate.int_rows__unaccounted"
        ).fetchall()
    return {name for (name,) in rows}


def without_a_row(statements: list[str], model: str) -> list[str]:
    """The statements with one row less in `model`: one that stands for a row of a stream."""
    first = "_rows desc, _day" if model.startswith("stg_") else ROWS_OF_STREAMS.get(model, "1")
    makes = re.compile(rf'(create (view|table)|insert into) "build"\."\w+"\."{model}"')
    found = [number for number, text in enumerate(statements) if makes.search(text)]
    spoilt = list(statements)
    for number in found:
        head, final, tail = statements[number].rpartition("select * from final")
        assert final, f"{model} does not end in `final`"
        spoilt[number] = f"{head}{final} qualify row_number() over (order by {first}) > 1{tail}"
    assert found, f"there is no model {model}"
    return spoilt


def test_nothing_is_missed_where_nothing_is_dropped(
    models: Models, landed: Landing, tmp_path: Path
):
    file = tmp_path / "build.duckdb"
    with building(file, landed):
        replay.send(file, models.full)
    assert unaccounted(file) == set()


@pytest.mark.parametrize("model", MODELS)
def test_a_row_dropped_by_a_model_is_missed(
    models: Models, landed: Landing, tmp_path: Path, model: str
):
    file = tmp_path / "build.duckdb"
    with building(file, landed):
        replay.send(file, without_a_row(models.full, model))
    assert unaccounted(file) & MODELS[model]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_dropped_on_the_way_into_a_raw_table_is_missed(
    models: Models, landed: Landing, tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch
):
    apply = raw_tables.apply

    def drop_one(con: duckdb.DuckDBPyConnection, landing: Landing, arrived: Any) -> None:
        apply(con, landing, arrived)
        if arrived.table == table:
            con.execute(f"delete from {table} where rowid = (select min(rowid) from {table})")

    monkeypatch.setattr(raw_tables, "apply", drop_one)
    file = tmp_path / "build.duckdb"
    shutil.copy(models.empty, file)
    with building(file, landed):
        replay.send(file, models.incremental)
    assert table.removeprefix("raw_") in unaccounted(file)
