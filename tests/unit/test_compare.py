"""A full build beside the incremental one: every table and day that differs is named."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import toy_shop
from toy_shop import DAILY, NOON, cost, land
from trueup.build import compare, refresh
from trueup.build.compare import Difference
from trueup.build.lock import open_build
from trueup.company.company_file import Company
from trueup.errors import TrueupError
from trueup.landing.store import Landing

ROWS = """
select date '2026-06-01' + (i // 10)::int as day, i, 'x' as name, null::int as nothing
from range(100) t(i)
"""


def file_with(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as con:
        for statement in (
            "create schema marts", "create schema health", f"create table marts.fct as {ROWS}",
            "create table marts.dim as select i as id from range(3) t(i)",
            "create table health.fct_gate_results as select 1 as x", *statements,
        ):  # fmt: skip
            con.execute(statement)
    return path


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("select 1", []),
        ("update marts.fct set name = 'y' where i = 7", [("marts.fct", "2026-06-01", 10, 10)]),
        ("delete from marts.fct where i = 99", [("marts.fct", "2026-06-10", 10, 9)]),
        ("insert into marts.fct values (null, 1, '', 1)", [("marts.fct", "", 0, 1)]),
        ("update marts.fct set day = '2026-06-02' where i = 0",
         [("marts.fct", "2026-06-01", 10, 9), ("marts.fct", "2026-06-02", 10, 11)]),
        ("delete from marts.dim where id = 1", [("marts.dim", "", 3, 2)]),
        ("drop table marts.dim", [("marts.dim", "", 1, 0)]),
        ("alter table marts.dim add column more int", [("marts.dim", "", 1, 2)]),
        ("delete from health.fct_gate_results", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_differs_is_named(tmp_path: Path, change: str, expected: list[tuple[object, ...]]):
    one = file_with(tmp_path / "incremental.duckdb")
    other = file_with(tmp_path / "full.duckdb", change)
    found = compare.differences(one, other)
    assert [(x.table, x.day, x.incremental_rows, x.full_rows) for x in found] == expected


def test_a_difference_shows_the_rows_of_both_builds(tmp_path: Path):
    one = file_with(tmp_path / "incremental.duckdb")
    other = file_with(
        tmp_path / "full.duckdb", "update marts.fct set name = 'y' where i in (7, 8, 9)"
    )
    (found,) = compare.differences(one, other)
    assert str(found).startswith(
        "marts.fct 2026-06-01: 10 rows incremental, 10 in full, such as"
        ' [{"build": "incremental", "day": "2026-06-01", "i": 7, "name": "x"}, '
    )
    assert '{"build": "full", "day": "2026-06-01", "i": 7, "name": "y"}' in found.examples
    assert isinstance(found, Difference)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Company:
    return toy_shop.company(monkeypatch)


def built(path: Path, shop: Company, landing: Landing) -> Path:
    """A completed build of the shop with one mart, which is its stream."""
    state = refresh.refresh(path, shop, landing, built_at=NOON, code="models")
    with open_build(path) as con:
        con.execute("create schema if not exists marts; create schema if not exists health")
        con.execute("create or replace table marts.fct as from raw_shop.daily")
    refresh.complete(path, state.build_id, NOON)
    return path


def test_a_full_build_reads_the_loads_the_incremental_one_holds_and_no_others(
    shop: Company, landing: Landing, tmp_path: Path
):
    land(landing, DAILY, 1, 2, [cost("a", 1, 1)])
    path = built(tmp_path / "build.duckdb", shop, landing)
    land(landing, DAILY, 1, 2, [cost("a", 1, 2)], hours=1)
    held = compare.hold(path, shop, "models", tmp_path / "incremental.duckdb")
    compare.rebuild(held, shop, landing, "models", full := tmp_path / "full.duckdb")
    with open_build(full) as con:
        con.execute("create schema marts; create table marts.fct as from raw_shop.daily")
    assert compare.differences(held.marts, full) == []


@pytest.mark.parametrize("change", ["models", "killed"])
def test_a_build_the_next_one_would_not_continue_is_not_compared(
    shop: Company, landing: Landing, tmp_path: Path, change: str
):
    path = built(tmp_path / "build.duckdb", shop, landing)
    if change == "killed":
        refresh.refresh(path, shop, landing, built_at=NOON.replace(hour=13), code="models")
    code = "other models" if change == "models" else "models"
    with pytest.raises(TrueupError, match=r"nothing to compare.*trueup build"):
        compare.hold(path, shop, code, tmp_path / "incremental.duckdb")


def test_loads_set_aside_since_are_no_difference(shop: Company, landing: Landing, tmp_path: Path):
    load = land(landing, DAILY, 1, 2, [cost("a", 1, 1)])
    path = built(tmp_path / "build.duckdb", shop, landing)
    held = compare.hold(path, shop, "models", tmp_path / "incremental.duckdb")
    landing.reject(load.load_id, "so", NOON)
    with pytest.raises(TrueupError, match=r"set aside since.*1 loads.*got: 0"):
        compare.rebuild(held, shop, landing, "models", tmp_path / "full.duckdb")
