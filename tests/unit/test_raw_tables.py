"""Loads become raw tables: newest truth, whatever the order and number of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trueup.build import raw_tables, refresh
from trueup.build.lock import open_build
from trueup.build.refresh import SCHEMA
from trueup.company import company_file
from trueup.errors import TrueupError
from trueup.landing.intake import take_in
from trueup.landing.store import Landing
from trueup.sources.contract import Column, Source, Stream
from trueup.window import Window

DAILY = Stream(
    name="daily",
    columns=(Column("id", required=True), Column("on_date", "DATE"), Column("cost", "BIGINT")),
    key=("id", "on_date"),
    day="on_date",
    history=True,
    empty_ok=True,
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
)
SETTINGS = Stream(
    name="settings", columns=(Column("key"), Column("value")), key=("key",), kind="snapshot"
)
SHOP = Source(
    name="shop", api_version="1", streams=(DAILY, ORDERS, SETTINGS), extract=lambda *_: iter(())
)
NOON = datetime(2026, 9, 10, 12, tzinfo=UTC)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(SCHEMA)
        raw_tables.create(connection, SHOP)
        yield connection


def day(number: int) -> date:
    return date(2026, 9, number)


def land(landing: Landing, stream: Stream, since: int, until: int, rows: list, hours: int = 0):
    return take_in(
        landing, "shop", stream, Window(day(since), day(until)), iter([rows]), api_version="1",
        hash_key="k", accepted=True, committed_at=NOON + timedelta(hours=hours),
    )  # fmt: skip


def cost(id: str, number: int, amount: int) -> dict[str, object]:
    return {"id": id, "on_date": day(number), "cost": amount}


def content(con: duckdb.DuckDBPyConnection, table: str, columns: str) -> list:
    return con.execute(f"select {columns} from raw_shop.{table} order by all").fetchall()


def test_declared_streams_exist_typed_even_when_nothing_was_landed(con):
    assert content(con, "daily", "id, cost, _day, _load_id") == []
    assert content(con, "daily__loads", "cost") == []


def test_a_newer_load_replaces_its_days_and_no_others(con, landing):
    first = land(landing, DAILY, 1, 4, [cost("a", 1, 10), cost("a", 2, 20), cost("b", 2, 5)])
    raw_tables.apply(con, landing, "shop", DAILY, [first])
    second = land(landing, DAILY, 2, 3, [cost("a", 2, 21)], hours=1)
    raw_tables.apply(con, landing, "shop", DAILY, [second])
    assert content(con, "daily", "id, day(on_date), cost") == [("a", 1, 10), ("a", 2, 21)]


def test_a_day_that_became_empty_loses_its_rows(con, landing):
    raw_tables.apply(con, landing, "shop", DAILY, [land(landing, DAILY, 1, 3, [cost("a", 1, 10)])])
    raw_tables.apply(con, landing, "shop", DAILY, [land(landing, DAILY, 1, 2, [], hours=1)])
    assert content(con, "daily", "id") == []


def test_a_day_that_came_out_the_same_is_not_called_changed(con, landing):
    rows = [cost("a", 1, 10), cost("a", 2, 20)]
    first = land(landing, DAILY, 1, 3, rows)
    raw_tables.apply(con, landing, "shop", DAILY, [first])
    con.execute("delete from trueup.changed_days")
    again = land(landing, DAILY, 1, 3, [cost("a", 1, 10), cost("a", 2, 99)], hours=1)
    raw_tables.apply(con, landing, "shop", DAILY, [again])
    assert con.execute("select day from trueup.changed_days").fetchall() == [(day(2),)]
    assert content(con, "daily", "day(on_date), _load_id") == [
        (1, first.load_id),
        (2, again.load_id),
    ]


def test_applying_loads_at_once_or_one_by_one_gives_the_same(con, landing):
    loads = [
        land(landing, DAILY, 1, 4, [cost("a", 1, 1), cost("a", 3, 3)]),
        land(landing, DAILY, 3, 5, [cost("a", 4, 4)], hours=1),
        land(landing, DAILY, 1, 2, [cost("a", 1, 9), cost("b", 1, 2)], hours=2),
    ]
    for load in loads:
        raw_tables.apply(con, landing, "shop", DAILY, [load])
    stepwise = content(con, "daily", "id, on_date, cost")
    con.execute("delete from raw_shop.daily")
    raw_tables.apply(con, landing, "shop", DAILY, loads)
    assert content(con, "daily", "id, on_date, cost") == stepwise
    assert len(content(con, "daily__loads", "id")) == 10


def version(id: str, number: int, total: int) -> dict[str, object]:
    return {"id": id, "changed_at": datetime(2026, 9, number, 8, tzinfo=UTC), "total": total}


def test_of_a_thing_that_changes_the_newest_version_stays(con, landing):
    new = land(landing, ORDERS, 4, 6, [version("o1", 5, 50)])
    raw_tables.apply(con, landing, "shop", ORDERS, [new])
    old = land(landing, ORDERS, 1, 4, [version("o1", 2, 10), version("o2", 3, 30)], hours=1)
    raw_tables.apply(con, landing, "shop", ORDERS, [old])
    assert content(con, "orders", "id, total") == [("o1", 50), ("o2", 30)]
    assert con.execute("select day from trueup.changed_days order by 1").fetchall() == [
        (day(3),), (day(5),)
    ]  # fmt: skip


def test_a_version_that_moves_marks_the_day_it_left(con, landing):
    raw_tables.apply(
        con, landing, "shop", ORDERS, [land(landing, ORDERS, 1, 4, [version("o1", 2, 10)])]
    )
    con.execute("delete from trueup.changed_days")
    later = land(landing, ORDERS, 4, 6, [version("o1", 5, 11)], hours=1)
    raw_tables.apply(con, landing, "shop", ORDERS, [later])
    changed = con.execute("select day from trueup.changed_days order by 1").fetchall()
    assert changed == [(day(2),), (day(5),)]


def test_of_a_snapshot_only_the_newest_counts(con, landing):
    one = land(
        landing, SETTINGS, 1, 2, [{"key": "zone", "value": "UTC"}, {"key": "x", "value": "1"}]
    )
    two = land(landing, SETTINGS, 2, 3, [{"key": "zone", "value": "Europe/Lisbon"}], hours=1)
    raw_tables.apply(con, landing, "shop", SETTINGS, [one, two])
    assert content(con, "settings", "key, value") == [("zone", "Europe/Lisbon")]


def test_rows_can_be_read_as_of_an_earlier_moment(con, landing):
    land(landing, DAILY, 1, 3, [cost("a", 1, 10)])
    land(landing, DAILY, 1, 3, [cost("a", 1, 11)], hours=2)
    raw_tables.read_as_of(con, landing, "shop", DAILY, NOON + timedelta(hours=1))
    assert con.execute("select cost from known").fetchall() == [(10,)]
    raw_tables.read_as_of(con, landing, "shop", DAILY, NOON + timedelta(hours=3))
    assert con.execute("select cost from known").fetchall() == [(11,)]


def test_loads_from_before_a_column_was_declared_say_nothing_of_it(con, landing):
    wider = replace(ORDERS, columns=(*ORDERS.columns, Column("channel")))
    old = land(landing, ORDERS, 1, 3, [version("o1", 2, 10), version("o2", 2, 20)])
    new = land(landing, wider, 3, 5, [{**version("o1", 4, 11), "channel": "web"}], hours=1)
    con.execute("drop table raw_shop.orders")
    raw_tables.create(con, replace(SHOP, streams=(wider,)))
    for loads in ([old], [old, new]):
        raw_tables.apply(con, landing, "shop", wider, loads)
    assert content(con, "orders", "id, total, channel") == [("o1", 11, "web"), ("o2", 20, None)]


def test_loads_from_before_a_required_column_was_declared_are_no_guess(con, landing):
    wider = replace(ORDERS, columns=(*ORDERS.columns, Column("channel", required=True)))
    old = land(landing, ORDERS, 1, 3, [version("o1", 2, 10)])
    with pytest.raises(
        TrueupError, match=rf"column channel.*stream: orders;.*{old.load_id}.*again"
    ):
        raw_tables.apply(con, landing, "shop", wider, [old])


@pytest.mark.parametrize("content", [None, b"PAR1", b"not Parquet at all"])
def test_a_landed_file_that_is_gone_or_damaged_is_said_so(con, landing, content: bytes | None):
    load = land(landing, DAILY, 1, 3, [cost("a", 1, 10)])
    landing.fs.rm_file(landing.path(load.files[0].name))
    if content is not None:
        landing.fs.pipe_file(landing.path(load.files[0].name), content)
    with pytest.raises(TrueupError, match=rf"shop; stream: daily;.*{load.load_id}.*trueup reject"):
        raw_tables.apply(con, landing, "shop", DAILY, [load])


def test_a_landing_in_an_object_store_reads_the_same(con):
    landing = Landing("memory://company/landing")
    raw_tables.apply(con, landing, "shop", DAILY, [])
    load = land(landing, DAILY, 1, 3, [cost("a", 1, 10), cost("a", 2, 20)])
    landing.attach_to(con)
    raw_tables.apply(con, landing, "shop", DAILY, [load])
    assert content(con, "daily", "cost") == [(10,), (20,)]


@pytest.fixture
def build(tmp_path: Path, landing: Landing, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Build the shop's raw tables in a file and complete the build; what the models would read."""
    monkeypatch.setattr(refresh, "load_all", lambda: (SHOP,))
    monkeypatch.setattr(refresh, "load_source", lambda _: SHOP)
    demo = company_file.read(Path(__file__).parents[2] / "company.yml")
    shop = demo.model_copy(update={"sources": {"shop": demo.sources["shopify"]}})

    def rebuild(file: str = "build.duckdb") -> dict[str, list]:
        path = tmp_path / file
        state = refresh.refresh(path, shop, landing, built_at=NOON)
        with open_build(path) as con:
            told = {
                "daily": content(con, "daily", "id, _day, cost"),
                "orders": content(con, "orders", "id, total"),
                "settings": content(con, "settings", "key, value"),
            }
        refresh.complete(path, state.build_id, NOON)
        return told

    return rebuild


@pytest.mark.parametrize(
    ("stream", "row"),
    [
        (DAILY, lambda amount: cost("a", 1, amount)),
        (ORDERS, lambda amount: version("o1", 1, amount)),
        (SETTINGS, lambda amount: {"key": "zone", "value": str(amount)}),
    ],
    ids=["day", "changes", "snapshot"],
)
def test_a_load_that_comes_to_light_late_does_not_overrule_a_newer_one(build, landing, stream, row):
    build()
    land(landing, stream, 1, 2, [row(2)], hours=1)
    before = build()
    land(landing, stream, 1, 2, [row(1)])
    assert build() == build("from_nothing.duckdb") == before
