"""Loads become raw tables: newest truth, whatever the order and number of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

import toy_shop
from toy_shop import (
    DAILY,
    NOON,
    ORDERS,
    SETTINGS,
    SHOP,
    apply,
    changed,
    content,
    cost,
    day,
    land,
    open_empty,
    version,
)
from trueup.build import raw_tables, refresh
from trueup.build.lock import open_build
from trueup.errors import TrueupError
from trueup.landing.store import Landing
from trueup.sources.contract import Column


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as connection:
        yield connection


def test_declared_streams_exist_typed_even_when_nothing_was_landed(con):
    assert content(con, "daily", "id, cost, _day, _load_id") == []
    assert content(con, "daily__loads", "cost") == []


def test_a_newer_load_replaces_its_days_and_no_others(con, landing):
    first = land(landing, DAILY, 1, 4, [cost("a", 1, 10), cost("a", 2, 20), cost("b", 2, 5)])
    apply(con, landing, DAILY, first)
    second = land(landing, DAILY, 2, 3, [cost("a", 2, 21)], hours=1)
    apply(con, landing, DAILY, second)
    assert content(con, "daily", "id, day(on_date), cost") == [("a", 1, 10), ("a", 2, 21)]


def test_a_day_that_became_empty_loses_its_rows(con, landing):
    apply(con, landing, DAILY, land(landing, DAILY, 1, 3, [cost("a", 1, 10)]))
    apply(con, landing, DAILY, land(landing, DAILY, 1, 2, [], hours=1))
    assert content(con, "daily", "id") == []


def test_a_day_that_came_out_the_same_is_not_called_changed(con, landing):
    apply(con, landing, DAILY, land(landing, DAILY, 1, 3, [cost("a", 1, 10), cost("a", 2, 20)]))
    con.execute("delete from trueup.changed_days")
    again = land(landing, DAILY, 1, 3, [cost("a", 1, 10), cost("a", 2, 99)], hours=1)
    apply(con, landing, DAILY, again)
    assert changed(con) == [day(2)]
    assert content(con, "daily", "distinct _load_id") == [(again.load_id,)]


def test_accounts_take_over_their_own_days_and_no_others(con, landing):
    one = land(landing, DAILY, 1, 3, [cost("a", 1, 10), cost("a", 2, 20)], account="1")
    two = land(landing, DAILY, 1, 3, [cost("b", 1, 5), cost("b", 2, 6)], hours=1, account="2")
    apply(con, landing, DAILY, one, two)
    again = land(landing, DAILY, 2, 3, [cost("a", 2, 21)], hours=2, account="1")
    apply(con, landing, DAILY, again)
    assert content(con, "daily", "id, day(on_date), cost::integer") == [
        ("a", 1, 10), ("a", 2, 21), ("b", 1, 5), ("b", 2, 6)
    ]  # fmt: skip


def test_a_snapshot_of_one_account_leaves_the_others(con, landing):
    first = land(landing, SETTINGS, 1, 2, [{"key": "zone", "value": "UTC"}], account="1")
    other = land(landing, SETTINGS, 1, 2, [{"key": "name", "value": "B"}], hours=1, account="2")
    apply(con, landing, SETTINGS, first, other)
    later = [{"key": "zone", "value": "Europe/Lisbon"}]
    apply(con, landing, SETTINGS, land(landing, SETTINGS, 2, 3, later, hours=2, account="1"))
    assert content(con, "settings", "key, value") == [("name", "B"), ("zone", "Europe/Lisbon")]


TABLES = ("daily", "daily__loads", "orders", "settings")
NOTES = ("landed_days", "set_aside_rows", "current_days", "raw_days", "applied_loads")


def everything(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    """What models may read of the shop, provenance included."""
    tables = [f"raw_shop.{name}" for name in TABLES] + [f"trueup.{name}" for name in NOTES]
    found = {name: con.execute(f"from {name} order by all").fetchall() for name in tables}
    found["superseded"] = con.execute(
        "select source, stream, day, sum(row_count), sum(money) from trueup.superseded_days"
        " group by all order by all"
    ).fetchall()
    return found


def test_applying_loads_at_once_or_one_by_one_gives_the_same(con, landing):
    steps = [
        (DAILY, land(landing, DAILY, 1, 4, [cost("a", 1, 1), cost("a", 3, 3)], account="1")),
        (DAILY, land(landing, DAILY, 3, 5, [cost("a", 4, 4)], 1, account="1")),
        (DAILY, land(landing, DAILY, 1, 4, [cost("c", 1, 1)], 2, account="2")),
        (DAILY, land(landing, DAILY, 1, 2, [cost("a", 1, 1), cost("b", 1, 2)], 3, account="1")),
        (ORDERS, land(landing, ORDERS, 1, 4, [version("o1", 2, 10), version("o2", 3, 30)])),
        (ORDERS, land(landing, ORDERS, 3, 6, [version("o1", 5, 50), version("o2", 3, 30)], 1)),
        (ORDERS, land(landing, ORDERS, 1, 3, [version("o1", 2, 10)], 2)),
        (SETTINGS, land(landing, SETTINGS, 1, 2, [{"key": "zone", "value": "UTC"}])),
        (SETTINGS, land(landing, SETTINGS, 2, 3, [{"key": "zone", "value": "CET"}], 1)),
    ]
    for stream, load in steps:
        apply(con, landing, stream, load)
    with open_empty() as other:
        for stream in (DAILY, ORDERS, SETTINGS):
            apply(other, landing, stream, *(load for one, load in steps if one is stream))
        assert everything(con) == everything(other)
    assert len(content(con, "daily__loads", "id")) == 6
    assert content(con, "orders", "id, total") == [("o1", 50), ("o2", 30)]


def test_rows_that_landed_are_there_or_superseded(con, landing):
    for hours, rows in enumerate(([("o1", 2, 10), ("o2", 2, 20)], [("o1", 4, 11)], [("o1", 2, 9)])):
        found = [version(*row) for row in rows]
        apply(con, landing, ORDERS, land(landing, ORDERS, 1, 6, found, hours))
    landed = con.execute(
        "select day, sum(landed) from trueup.landed_days group by 1 order by 1"
    ).fetchall()
    kept = con.execute(
        """
        select day, sum(row_count), sum(money)
        from (from trueup.raw_days union all from trueup.superseded_days)
        group by 1 order by 1
        """
    ).fetchall()
    assert [(day, rows) for day, rows, _ in kept] == landed == [(day(2), 3), (day(4), 1)]
    assert [int(money) for *_, money in kept] == [39, 11]


def test_of_a_thing_that_changes_the_newest_version_stays(con, landing):
    new = land(landing, ORDERS, 4, 6, [version("o1", 5, 50)])
    apply(con, landing, ORDERS, new)
    old = land(landing, ORDERS, 1, 4, [version("o1", 2, 10), version("o2", 3, 30)], hours=1)
    apply(con, landing, ORDERS, old)
    assert content(con, "orders", "id, total") == [("o1", 50), ("o2", 30)]
    assert con.execute("select day from trueup.changed_days order by 1").fetchall() == [
        (day(3),), (day(5),)
    ]  # fmt: skip


def test_ids_that_each_account_gives_itself_are_told_apart(con, landing):
    theirs = replace(ORDERS, ids_of_account=("id",))
    con.execute("create table company.accounts (source varchar, account_id varchar)")
    one = land(landing, theirs, 1, 3, [version("51;52", 1, 10)], account="1")
    two = land(landing, theirs, 1, 3, [version("51", 2, 30)], hours=1, account="2")
    apply(con, landing, theirs, one, two)
    assert content(con, "orders", "id, total") == [("1-51;1-52", 10), ("2-51", 30)]
    raw_tables.read_as_of(con, landing, "shop", theirs, NOON + timedelta(hours=2))
    assert con.execute("select count(*) from known").fetchone() == (2,)


def test_an_account_that_is_named_and_still_to_land_changes_no_id_later(con, landing):
    theirs = replace(ORDERS, ids_of_account=("id",))
    con.execute(
        "create table company.accounts as from (values ('shop', '1')) t(source, account_id)"
    )
    apply(con, landing, theirs, land(landing, theirs, 1, 2, [version("51", 1, 10)], account="1"))
    assert content(con, "orders", "id") == [("51",)]
    con.execute("insert into company.accounts values ('shop', '2')")
    again = land(landing, theirs, 2, 3, [version("52", 2, 10)], hours=1, account="1")
    apply(con, landing, theirs, again)
    assert content(con, "orders", "id") == [("1-52",), ("51",)]
    later = NOON + timedelta(hours=2)
    raw_tables.read_as_of(con, landing, "shop", theirs, later, ["1", "2"])
    assert set(con.execute("select id from known").fetchall()) == {("1-51",), ("1-52",)}


def test_a_version_that_moves_marks_the_day_it_left(con, landing):
    apply(con, landing, ORDERS, land(landing, ORDERS, 1, 4, [version("o1", 2, 10)]))
    con.execute("delete from trueup.changed_days")
    later = land(landing, ORDERS, 4, 6, [version("o1", 5, 11)], hours=1)
    apply(con, landing, ORDERS, later)
    assert changed(con) == [day(2), day(5)]


def test_of_a_snapshot_only_the_newest_counts(con, landing):
    one = land(
        landing, SETTINGS, 1, 2, [{"key": "zone", "value": "UTC"}, {"key": "x", "value": "1"}]
    )
    two = land(landing, SETTINGS, 2, 3, [{"key": "zone", "value": "Europe/Lisbon"}], hours=1)
    apply(con, landing, SETTINGS, one, two)
    assert content(con, "settings", "key, value") == [("zone", "Europe/Lisbon")]


def test_rows_can_be_read_as_of_an_earlier_moment(con, landing):
    land(landing, DAILY, 1, 3, [cost("a", 1, 10)])
    land(landing, DAILY, 1, 3, [cost("a", 1, 11)], hours=2)
    raw_tables.read_as_of(con, landing, "shop", DAILY, NOON + timedelta(hours=1))
    assert con.execute("select cost from known").fetchall() == [(10,)]
    raw_tables.read_as_of(con, landing, "shop", DAILY, NOON + timedelta(hours=3))
    assert con.execute("select cost from known").fetchall() == [(11,)]


def test_loads_without_a_column_declared_since_say_nothing_of_it(con, landing):
    wider = replace(ORDERS, columns=(*ORDERS.columns, Column("channel")))
    old = land(landing, ORDERS, 1, 3, [version("o1", 2, 10), version("o2", 2, 20)])
    new = land(landing, wider, 3, 5, [{**version("o1", 4, 11), "channel": "web"}], hours=1)
    con.execute("drop table raw_shop.orders")
    raw_tables.create(con, replace(SHOP, streams=(wider,)))
    for loads in ([old], [old, new]):
        apply(con, landing, wider, *loads)
    assert content(con, "orders", "id, total, channel") == [("o1", 11, "web"), ("o2", 20, None)]


def test_loads_without_a_required_column_declared_since_are_no_guess(con, landing):
    wider = replace(ORDERS, columns=(*ORDERS.columns, Column("channel", required=True)))
    old = land(landing, ORDERS, 1, 3, [version("o1", 2, 10)])
    with pytest.raises(
        TrueupError, match=rf"column channel.*stream: orders;.*{old.load_id}.*again"
    ):
        apply(con, landing, wider, old)


def test_a_landing_in_an_object_store_reads_the_same(con):
    landing = Landing("memory://company/landing")
    apply(
        con,
        landing,
        DAILY,
    )
    load = land(landing, DAILY, 1, 3, [cost("a", 1, 10), cost("a", 2, 20)])
    landing.attach_to(con)
    apply(con, landing, DAILY, load)
    assert content(con, "daily", "cost") == [(10,), (20,)]


@pytest.fixture
def build(tmp_path: Path, landing: Landing, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Build the shop's raw tables in a file and complete the build; what the models would read."""
    shop = toy_shop.company(monkeypatch)

    def rebuild(file: str = "build.duckdb") -> dict[str, list]:
        path = tmp_path / file
        state = refresh.refresh(path, shop, landing, built_at=NOON)
        with open_build(path) as con:
            found = {
                "daily": content(con, "daily", "id, _day, cost"),
                "orders": content(con, "orders", "id, total"),
                "settings": content(con, "settings", "key, value"),
            }
        refresh.complete(path, state.build_id, NOON)
        return found

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
    late = land(landing, stream, 1, 2, [row(1)])
    manifest = f"{landing.folder('shop', stream.name, late.load_id)}/{late.load_id}.manifest.json"
    written = landing.fs.cat_file(landing.path(manifest))
    landing.fs.rm_file(landing.path(manifest))
    build()
    land(landing, stream, 1, 2, [row(2)], hours=1)
    newest = build()
    landing.write(manifest, written)
    assert build() == build("from_nothing.duckdb") == newest
