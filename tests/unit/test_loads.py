"""The manifests as tables: which load is in force, what it holds, what it could not use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import toy_shop
from toy_shop import DAILY, NOON, ORDERS, SETTINGS, apply, cost, day, land, open_empty, version
from trueup.build import loads, refresh
from trueup.build.lock import open_build
from trueup.errors import TrueupError
from trueup.landing.manifest import Outside
from trueup.sources.contract import SetAside


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as connection:
        yield connection


def noted(con: duckdb.DuckDBPyConnection, columns: str, table: str) -> list[Any]:
    return con.execute(f"select {columns} from trueup.{table} order by all").fetchall()


def unreadable(number: int | None, amount: int | None = None, position: str = "1") -> SetAside:
    money = None if amount is None else Decimal(amount)
    return SetAside(position, "cost is no number", "x,y", number and day(number), money)


def test_a_day_is_in_force_from_the_newest_load_of_its_account(con, landing):
    first = land(landing, DAILY, 1, 3, [cost("a", 1, 1), cost("a", 2, 2)], account="1")
    other = land(landing, DAILY, 1, 3, [cost("b", 1, 1)], account="2")
    again = land(landing, DAILY, 2, 4, [cost("a", 2, 3)], hours=1, account="1")
    apply(con, landing, DAILY, first, other)
    apply(con, landing, DAILY, again)
    assert noted(con, "account, day(day), load_id", "current_days") == [
        ("1", 1, first.load_id), ("1", 2, again.load_id), ("1", 3, again.load_id),
        ("2", 1, other.load_id), ("2", 2, other.load_id),
    ]  # fmt: skip
    assert noted(con, "account, day(day), load_id, landed, is_current", "landed_days") == [
        ("1", 1, first.load_id, 1, True), ("1", 2, again.load_id, 1, True),
        ("1", 2, None, 1, False), ("2", 1, other.load_id, 1, True),
    ]  # fmt: skip


def test_of_a_snapshot_the_newest_load_is_in_force_at_the_last_day_of_its_window(con, landing):
    rows = [{"key": "zone", "value": "UTC"}]
    apply(con, landing, SETTINGS, land(landing, SETTINGS, 1, 4, rows))
    apply(con, landing, SETTINGS, newest := land(landing, SETTINGS, 4, 5, rows, hours=1))
    assert noted(con, "day, load_id", "current_days") == [(day(4), newest.load_id)]
    assert noted(con, "day, is_current", "landed_days") == [(day(3), False), (day(4), True)]


def test_rows_set_aside_are_listed_without_what_they_say(con, landing):
    known = replace(unreadable(1, 7), currency_code="EUR")
    rows = [cost("a", 1, 1), known, replace(unreadable(2), kind="duplicate", is_lost=False)]
    apply(con, landing, DAILY, load := land(landing, DAILY, 1, 3, rows, account="1"))
    assert noted(con, "*", "set_aside_rows") == [
        ("shop", "daily", "1", load.load_id, day(1), "1", "cost is no number", "unreadable",
         Decimal(7), True, "EUR"),
        ("shop", "daily", "1", load.load_id, day(2), "1", "cost is no number", "duplicate",
         None, False, None),
    ]  # fmt: skip
    described = con.execute("describe trueup.set_aside_rows").fetchall()
    assert "content" not in {name for name, *_ in described}


@pytest.mark.parametrize("stream", [DAILY, ORDERS], ids=["day", "changes"])
def test_rows_set_aside_are_superseded_with_their_day(con, landing, stream):
    first = land(landing, stream, 1, 3, [unreadable(1), unreadable(2)])
    apply(con, landing, stream, first, land(landing, stream, 2, 4, [unreadable(2)], hours=1))
    assert noted(con, "day(day)", "set_aside_rows") == [(1,), (2,)]
    assert noted(con, "day(day), set_aside, is_current", "landed_days") == [
        (1, 1, True), (2, 1, False), (2, 1, True),
    ]  # fmt: skip


def test_a_row_without_a_day_counts_once_while_its_load_has_the_newest_day(con, landing):
    for hours, number in enumerate((1, 2, 3)):
        rows = [cost("a", number, 1), unreadable(None)]
        apply(con, landing, DAILY, land(landing, DAILY, number, number + 2, rows, hours))
    assert noted(con, "day", "set_aside_rows") == [(None,)]
    undated = con.execute(
        "select set_aside, is_current from trueup.landed_days where day is null order by all"
    ).fetchall()
    assert undated == [(1, True), (2, False)]


def test_rows_outside_the_window_are_noted_with_their_days(con, landing):
    load = land(landing, DAILY, 1, 3, [cost("a", 1, 1)], account="till")
    out = Outside(3, date(2026, 1, 9), date(2026, 12, 9), Decimal("4.5"))
    apply(con, landing, DAILY, replace(load, outside=out))
    assert noted(con, "account, row_count, first_day, last_day, amount_local", "outside_rows") == [
        ("till", 3, date(2026, 1, 9), date(2026, 12, 9), Decimal("4.5"))
    ]


def test_a_list_of_rows_set_aside_that_is_gone_is_named(con, landing):
    load = land(landing, DAILY, 1, 3, [unreadable(1)])
    landing.fs.rm_file(landing.path(landing.set_aside_file(load)))
    with pytest.raises(TrueupError, match=rf"set aside cannot be read.*{load.load_id}"):
        apply(con, landing, DAILY, load)


def test_freshness_is_per_account_and_names_those_that_never_landed(con, landing):
    apply(con, landing, DAILY, land(landing, DAILY, 1, 3, [cost("a", 1, 1)], account="1"))
    late = land(landing, DAILY, 1, 2, [cost("b", 1, 1)], hours=1, account="2")
    apply(con, landing, DAILY, late)
    expected = {("shop", "daily", account) for account in ("1", "2", "dead")}
    loads.write_freshness(con, expected, day(2))
    assert noted(con, "account, landed_through, is_stale", "freshness") == [
        ("1", day(2), False), ("2", day(1), True), ("dead", None, True),
    ]  # fmt: skip


def test_an_older_version_of_a_thing_is_no_reason_for_a_load_to_leave(con, landing):
    first = land(landing, ORDERS, 1, 3, [version("o1", 1, 10), version("o2", 2, 20)])
    again = land(landing, ORDERS, 2, 3, [version("o2", 2, 21)], hours=1)
    apply(con, landing, ORDERS, first, again)
    assert noted(con, "day(day), load_id", "current_days") == [
        (1, first.load_id), (2, again.load_id),
    ]  # fmt: skip
    found = con.execute("select id, total from raw_shop.orders order by 1").fetchall()
    assert found == [("o1", 10), ("o2", 21)]


def test_a_build_names_the_accounts_of_the_company_that_never_landed(
    landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shop = toy_shop.company(monkeypatch)
    land(landing, DAILY, 1, 3, [cost("a", 1, 1)], account="1")
    # one that the company file names no more
    land(landing, DAILY, 1, 2, [cost("b", 1, 1)], account="closed")
    state = refresh.refresh(tmp_path / "build.duckdb", shop, landing, built_at=NOON)
    with open_build(tmp_path / "build.duckdb") as con:
        assert noted(con, "account, landed_through, is_stale",
                     "freshness where stream = 'daily'") == [
            ("1", day(2), False), ("2", None, True),
        ]  # fmt: skip
    assert state.stale == ("shop",)
