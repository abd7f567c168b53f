"""What was landed is what is built: any landed file that is not as it was stops the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import toy_shop
from toy_shop import DAILY, EVENTS, NOON, ORDERS, SETTINGS, cost, event, land, version
from trueup.build import refresh
from trueup.build.lock import open_build
from trueup.errors import TrueupError
from trueup.landing.store import Landing, Load

Build = Callable[[], refresh.Build]


@pytest.fixture
def build(tmp_path: Path, landing: Landing, monkeypatch: pytest.MonkeyPatch) -> Build:
    """One more build of the shop, completed."""
    shop = toy_shop.company(monkeypatch)
    path = tmp_path / "build.duckdb"

    def build() -> refresh.Build:
        state = refresh.refresh(path, shop, landing, built_at=NOON)
        refresh.complete(path, state.build_id, NOON)
        return state

    return build


def ten_days(landing: Landing) -> Load:
    rows = [cost(f"a{i}", number, 1.5) for number in range(1, 11) for i in range(10)]
    return land(landing, DAILY, 1, 11, [rows])


def rewritten(landing: Landing, load: Load, change: Callable[[pa.Table], pa.Table]) -> str:
    """The name of the load's first file, whose rows are now what `change` makes of them."""
    name = load.files[0].name
    pq.write_table(change(pq.read_table(landing.path(name))), landing.path(name))
    return name


def without_every_third(table: pa.Table) -> pa.Table:
    return table.take([i for i in range(table.num_rows) if i % 3])


def times_a_hundred(table: pa.Table) -> pa.Table:
    dear = pc.multiply(table.column("cost"), pa.scalar(Decimal(100)))
    return table.set_column(
        table.schema.get_field_index("cost"), "cost", dear.cast(pa.decimal128(18, 6))
    )


@pytest.mark.parametrize(
    ("change", "got"),
    [(without_every_third, "66 rows"), (times_a_hundred, "100 rows")],
    ids=["rows-removed", "costs-times-100"],
)
def test_a_file_that_was_rewritten_stops_the_build(build: Build, landing, change, got: str):
    load = ten_days(landing)
    name = rewritten(landing, load, change)
    with pytest.raises(TrueupError) as caught:
        build()
    said = str(caught.value)
    for part in (
        f"{name} of load {load.load_id}", "source: shop; stream: daily; window: ",
        f"expected: 100 rows, sha256 {load.files[0].sha256[:12]}", f"got: {got}, sha256 ",
        f"`trueup reject {load.load_id} --why", "`trueup land shop --day 2026-09-10`",
    ):  # fmt: skip
        assert part in said


def test_a_file_rewritten_after_it_was_built_stops_the_next_full_build(build: Build, landing):
    load = ten_days(landing)
    assert build().is_full
    rewritten(landing, load, without_every_third)
    assert not build().is_full  # it is not read again
    land(landing, SETTINGS, 1, 2, [{"key": "zone", "value": "UTC"}])
    landing.reject(land(landing, DAILY, 1, 2, [cost("a", 1, 1)], hours=1).load_id, "so", NOON)
    assert not build().is_full
    landing.restore(next(iter(landing.rejected())))
    with pytest.raises(TrueupError, match="not the one that was landed"):
        build()


@pytest.mark.parametrize(
    ("damage", "got"),
    [(None, "no such file"), (b"PAR1", "no Parquet"), (b"not Parquet at all", "no Parquet")],
    ids=["gone", "cut-short", "other"],
)
def test_a_file_that_is_gone_or_damaged_stops_the_build(
    build: Build, landing, damage: bytes | None, got: str
):
    load = ten_days(landing)
    path = landing.path(load.files[0].name)
    if damage is None:
        landing.fs.rm_file(path)
    else:
        landing.fs.pipe_file(path, damage)
    with pytest.raises(TrueupError, match=rf"{load.load_id}.*got: {got}.*trueup reject"):
        build()


def test_the_build_file_is_left_as_it_was(build: Build, landing, tmp_path: Path):
    ten_days(landing)
    build()
    rewritten(landing, ten_days(landing), without_every_third)
    with pytest.raises(TrueupError):
        build()
    with open_build(tmp_path / "build.duckdb", read_only=True) as con:
        assert con.execute("select count(*) from raw_shop.daily").fetchone() == (100,)


MISCOUNTED: dict[str, tuple[Any, list[Any], str]] = {
    "day": (DAILY, [cost("a", 1, 2.5)], "daily"),
    "changes": (ORDERS, [version("o", 1, 3)], "orders"),
    "bulk": (EVENTS, [event("e", 1, 2.5)], "events"),
}


@pytest.mark.parametrize("case", MISCOUNTED)
def test_rows_the_manifest_does_not_know_stop_the_build(build: Build, landing, case: str):
    stream, rows, name = MISCOUNTED[case]
    load = land(landing, stream, 1, 2, rows)
    days = tuple(replace(day, landed=day.landed + 1) for day in load.days)
    landing.write_manifest(replace(load, days=days))
    with pytest.raises(
        TrueupError, match=rf"{load.load_id}.*stream: {name}.*expected: 2 rows.*got: 1 rows"
    ):
        build()


def test_money_the_manifest_does_not_know_stops_the_build(build: Build, landing):
    load = land(landing, DAILY, 1, 2, [cost("a", 1, 2.5)])
    days = tuple(replace(day, landed_money=Decimal("250")) for day in load.days)
    landing.write_manifest(replace(load, days=days))
    with pytest.raises(TrueupError, match=r"expected: 1 rows, cost 250; got: 1 rows, cost 2\.50"):
        build()


def test_a_control_sum_that_differs_stops_the_build(build: Build, landing):
    load = land(landing, DAILY, 1, 2, [cost("a", 1, 2.5)])
    landing.write_manifest(replace(load, control_totals={"cost": "7"}))
    with pytest.raises(TrueupError, match=r"sum of cost .*expected: 7; got: 2\.50"):
        build()
