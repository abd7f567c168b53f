"""Promise 4: any order of landings gives the mart that one full build gives.

Orders land the same truth: in other windows, other pieces, stale first and right in the end, with
builds in between. Six are tried, or as many as LANDING_ORDERS says. What is compared, and what
is not:

- between orders, and with a full build: every mart, less the columns and rows that tell when a
  load was committed, which is another time in another order;
- within an order, for the first of six: all of marts and health, provenance and history included,
  against a full build of the very same loads.

Between the last build and the first only models that keep rows from one build to the next are
run: the others are made anew each time and remember nothing. The file is closed and opened between
the steps of every sixth order, as it is between a day's builds; the others keep it open.
"""

from __future__ import annotations

import os
import shutil
from contextlib import nullcontext
from pathlib import Path
from random import Random

import duckdb
import pytest

from orders.building import Models, build, kept_open, land_all
from orders.landings import order_of
from trueup.build import compare
from trueup.landing.store import Landing
from trueup.publish import mart_copy

ORDERS = int(os.environ.get("LANDING_ORDERS", "6"))
#: Rows that tell of loads, not of the company.
OF_LOADS = (
    "fct_platform_claims_history",
    "fct_settlement",
    "fct_settlement_triangle",
    "fct_claims_matured_daily",
)
#: Marts of what no file of one's own can tell, or so few weeks: no cohort's first month is over.
NOT_OF_FILES = {"fct_affiliate_sales", "fct_customer_cohorts", "fct_customer_ltv"}
#: What is compared of a mart that says when a load was committed, or how soon days are final.
COMPARED = {
    "fct_campaign_daily": "select * exclude (is_settled, mature_from_date) from {}",
    "fct_channel_daily": "select * exclude (is_settled, mature_from_date) from {}",
    "dim_campaign": "select * exclude (valid_from, valid_to) from {} where is_current",
    "fct_platform_claims": "select * exclude (valid_from, load_id) from {}",
}


def _land_in_order(folder: Path, models: Models, seed: int) -> tuple[Path, Landing]:
    """The build file and the landing of an order, with one or two builds on the way."""
    file, landing = folder / "build.duckdb", Landing(str(folder / "landing"))
    shutil.copy(models.empty, file)
    order = order_of(seed)
    stops = sorted(Random(seed).sample(range(5, len(order) - 5), 1 + (seed % 3 == 0)))
    last = models.incremental if _is_looked_at_whole(seed) else models.marts
    with nullcontext() if _is_looked_at_whole(seed) else kept_open(file):
        for first, end in zip([0, *stops], [*stops, len(order)], strict=True):
            land_all(landing, order[first:end], first)
            build(file, landing, last if end == len(order) else models.keeping)
    return file, landing


def _is_looked_at_whole(seed: int) -> bool:
    return seed % 6 == 0


def _digests(file: Path) -> dict[str, tuple[int, int]]:
    """Rows and an order-free hash of every mart, as far as it is the same in every order."""
    with duckdb.connect(str(file), read_only=True) as con:
        tables = con.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        return {
            name: con.execute(
                "select count(*), sum(hash(t))::hugeint from"
                f" ({COMPARED.get(name, 'select * from {}').format('marts.' + name)}) as t"
            ).fetchone()
            for (name,) in tables
            if name not in OF_LOADS
        }


@pytest.fixture(scope="module")
def full(models: Models, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """The marts of one full build of the first order's landings."""
    folder = tmp_path_factory.mktemp("full")
    landing = Landing(str(folder / "landing"))
    land_all(landing, order_of(0))
    build(folder / "build.duckdb", landing, models.full)
    found = _digests(folder / "build.duckdb")
    empty = {name for name, (rows, _) in found.items() if not rows}
    assert empty == NOT_OF_FILES, "a mart without rows compares nothing"
    return found


@pytest.mark.parametrize("seed", range(ORDERS))
def test_any_order_of_landings_gives_what_a_full_build_gives(
    models: Models, full: dict[str, tuple[int, int]], tmp_path: Path, seed: int
):
    file, landing = _land_in_order(tmp_path, models, seed)
    assert _digests(file) == full
    if _is_looked_at_whole(seed):
        mart_copy.make(file, tmp_path / "incremental.duckdb", like=tmp_path / "none")
        again = tmp_path / "again" / "build.duckdb"
        build(again, landing, models.full)
        assert compare.differences(tmp_path / "incremental.duckdb", again) == []
