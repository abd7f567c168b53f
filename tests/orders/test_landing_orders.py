"""Promise 4: any order of landings gives the mart that one full build gives.

Thirty orders land the same truth: in other windows, other pieces, stale first and right in the
end, with builds in between. What is compared, and what is not:

- between orders, and with a full build: every mart, less the columns and rows that tell when a
  load was committed, which is another time in another order;
- within an order, for every sixth: all of marts and health, provenance and history included,
  against a full build of the very same loads.

Between the last build and the first only models that keep rows from one build to the next are
run: the others are made anew each time and remember nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

from orders import replay
from orders.landings import FIRST_COMMIT, land, order_of
from orders.truth import HISTORY
from trueup.build import compare, refresh
from trueup.company import company_file
from trueup.landing.store import Landing
from trueup.publish import mart_copy

PROJECT = Path(__file__).parents[2] / "dbt_project"
ORDERS = 30
COMPANY = company_file.read(Path(__file__).parent / "company.yml")
#: Rows that tell of loads, not of the company.
OF_LOADS = ("fct_platform_claims_history",)
#: What is compared of a mart that says when a load was committed.
COMPARED = {
    "dim_campaign": "select * exclude (valid_from, valid_to) from {} where is_current",
    "fct_platform_claims": "select * exclude (valid_from) from {}",
}


@dataclass(frozen=True)
class Models:
    """dbt's statements for a build from nothing, for one that goes on, and for the models that
    keep rows; and a completed build of no loads to go on from."""

    full: list[str]
    incremental: list[str]
    keeping: list[str]
    empty: Path


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("models")
    file, nothing = folder / "build.duckdb", Landing(str(folder / "nothing"))
    recorded = []
    for selection in (
        (),
        ("--select", "config.materialized:table", "config.materialized:incremental"),
        ("--select", "+config.materialized:incremental", "--exclude", "config.materialized:view"),
    ):
        with _building(file, nothing):
            recorded.append(replay.record(PROJECT, file, folder, *selection))
    return Models(*recorded, file)


_minutes = iter(range(10_000))


@contextmanager
def _building(file: Path, landing: Landing) -> Iterator[None]:
    """One more build of the file; its models are run within the block."""
    at = FIRST_COMMIT + timedelta(days=1, minutes=next(_minutes))
    state = refresh.refresh(file, COMPANY, landing, built_at=at, through=HISTORY.last_day)
    yield
    refresh.complete(file, state.build_id, at)


def _build(file: Path, landing: Landing, statements: list[str]) -> None:
    with _building(file, landing):
        replay.send(file, statements)


def _land_in_order(folder: Path, models: Models, seed: int) -> tuple[Path, Landing]:
    """The build file and the landing of an order, with one or two builds on the way."""
    file, landing = folder / "build.duckdb", Landing(str(folder / "landing"))
    shutil.copy(models.empty, file)
    order = order_of(seed)
    stops = set(Random(seed).sample(range(5, len(order) - 5), 1 + seed % 2))
    with _one_connection():
        for number, landed in enumerate(order):
            land(landing, landed, number)
            if number in stops:
                _build(file, landing, models.keeping)
    _build(file, landing, models.incremental)
    return file, landing


@contextmanager
def _one_connection() -> Iterator[None]:
    """Landing opens a database of its own for each load, which takes longer than all its work."""
    connect = duckdb.connect
    with connect() as shared:

        def opened(*file: str, **options: Any) -> duckdb.DuckDBPyConnection:
            return connect(*file, **options) if file else shared.cursor()

        with patch.object(duckdb, "connect", opened):
            yield


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
    with _one_connection():
        for number, landed in enumerate(order_of(0)):
            land(landing, landed, number)
    _build(folder / "build.duckdb", landing, models.full)
    found = _digests(folder / "build.duckdb")
    assert all(rows for rows, _ in found.values()), "a mart without rows compares nothing"
    return found


@pytest.mark.parametrize("seed", range(ORDERS))
def test_any_order_of_landings_gives_what_a_full_build_gives(
    models: Models, full: dict[str, tuple[int, int]], tmp_path: Path, seed: int
):
    file, landing = _land_in_order(tmp_path, models, seed)
    assert _digests(file) == full
    if seed % 6 == 0:
        mart_copy.make(file, tmp_path / "incremental.duckdb", like=tmp_path / "none")
        again = tmp_path / "again" / "build.duckdb"
        _build(again, landing, models.full)
        assert compare.differences(tmp_path / "incremental.duckdb", again) == []
