"""What a load leaves behind: files, days in force by account, refusals, the order of commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest

from trueup.errors import BrokenContract
from trueup.landing import checks
from trueup.landing.checks import Place
from trueup.landing.store import DayAccount, Landing
from trueup.landing.tally import Tally
from trueup.sources.contract import Absent, ControlTotal
from trueup.window import Window
from unit.shop_loads import FIRST, NOON, SECOND, SPEND, WINDOW, land, row


def test_a_load_that_is_refused_leaves_its_rows_and_its_reason_until_its_days_land(
    landing: Landing,
):
    rows = [row("a", clicks="x"), row("b", 2)]
    with pytest.raises(BrokenContract, match="lost page"):
        land(landing, rows, ControlTotal("rows", 3), account="1")
    (refusal,) = landing.refusals("shop", "spend")
    assert (refusal.account, refusal.window) == ("1", WINDOW)
    assert "lost page" in refusal.error
    assert [x["reason"] for x in landing.set_aside_rows(refusal)] == [
        "clicks is not BIGINT: like 'a'"
    ]
    land(landing, rows, account="2")
    assert landing.refusals("shop", "spend") == [refusal]
    land(landing, rows, account="1")
    assert landing.refusals("shop", "spend") == []


@pytest.mark.parametrize("is_whole", [True, False])
def test_where_each_load_is_all_there_is_any_later_one_stands_for_one_refused(
    landing: Landing, is_whole: bool
):
    stream = replace(SPEND, is_whole=is_whole)
    rows = [row("a"), row("b", 2)]
    with pytest.raises(BrokenContract, match="lost page"):
        land(landing, rows, ControlTotal("rows", 3), stream=stream)
    land(landing, rows[:1], stream=stream, window=Window(FIRST, SECOND))
    assert len(landing.refusals("shop", "spend")) == (0 if is_whole else 1)


def test_an_accounts_days_are_those_of_its_own_newest_load(landing: Landing):
    rows = [row("a"), row("b", 2)]
    one, other = (land(landing, rows, account=name) for name in ("1", "2"))
    again = land(landing, rows, account="1")
    found = {load.load_id: days for load, days in landing.current("shop", SPEND)}
    assert found == {other.load_id: set(WINDOW.days()), again.load_id: set(WINDOW.days())}
    assert one.load_id not in found
    assert landing.covered("shop", "spend", "3") == set()


def test_a_snapshot_is_the_newest_of_each_account(landing: Landing):
    settings = replace(SPEND, name="settings", kind="snapshot", key=("id",), add_up=False)
    first = land(landing, [row("a")], stream=settings, account="1")
    second = land(landing, [row("a")], stream=settings, account="2")
    third = land(landing, [row("a")], stream=settings, account="1")
    assert [load for load, _ in landing.current("shop", settings)] == [second, third]
    assert first.days[0].day == SECOND


def test_files_of_a_bulk_stream_hold_one_day_each_with_their_hash(landing: Landing):
    rows = [row("a"), row("b", 2), row("c"), row("d", 2)]
    load = land(landing, rows[:2], rows[2:], stream=replace(SPEND, bulk=True))
    assert [(file.day, file.row_count) for file in load.files] == [(FIRST, 2), (SECOND, 2)]
    for file in load.files:
        name = file.name.rpartition("/")[2]
        assert name.startswith(f"{load.load_id}-{file.day:%Y%m%d}-")
        assert set(pq.read_table(landing.path(file.name)).column("_day").to_pylist()) == {file.day}
    assert landing.loads("shop", "spend") == [load]


def test_a_day_no_account_has_is_missed_and_one_that_others_have_is_noted(landing: Landing):
    with pytest.raises(BrokenContract, match="no row for a day"):
        land(landing, [row("a")], account="1")
    load = land(landing, [row("a")], account="1", others={SECOND})
    assert load.notes == ("no row on 1 day(s), first 2026-09-02, while other accounts have some",)
    assert landing.loads("shop", "spend") == [load]


def test_what_is_absent_in_part_is_noted(landing: Landing):
    why = "no rate of HUF"
    load = land(landing, [row("a"), row("b", 2)], Absent(WINDOW, why, "part"))
    assert load.notes == (why,)


def test_a_window_that_lost_half_its_rows_is_refused_though_no_day_is_large(landing: Landing):
    many = [row(f"{day}{n}", day) for day in (1, 2) for n in range(30)]
    first = land(landing, many)
    with pytest.raises(BrokenContract, match=r"the fetch shrank.*60 rows in force; got: 2 rows"):
        land(landing, [row("a"), row("b", 2)])
    assert [load for load, _ in landing.current("shop", SPEND)] == [first]


def test_a_commit_older_than_the_newest_of_its_stream_is_refused(landing: Landing):
    rows = [row("a"), row("b", 2)]
    land(landing, rows, committed_at=NOON)
    with pytest.raises(BrokenContract, match="before one that exists already.*clock right"):
        land(landing, rows, committed_at=NOON - timedelta(seconds=1), account="2")
    (load,) = landing.loads("shop", "spend")
    landing.reject(load.load_id, "typo", NOON)
    with pytest.raises(BrokenContract, match="before one that exists already"):
        land(landing, rows, committed_at=NOON - timedelta(days=1))


def test_an_account_that_does_not_close_is_no_load():
    tally = Tally(SPEND, WINDOW)
    tally.offer([FIRST, FIRST, SECOND])
    days = [DayAccount(FIRST, 2, 1, 1, None, None), DayAccount(SECOND, 1, 1, 0, None, None)]
    place = Place("shop", SPEND, WINDOW, "1")
    checks.check_account(tally, days, place)
    for lost in (days[:1], [replace(days[0], landed=0), days[1]]):
        with pytest.raises(BrokenContract, match="account of its rows does not close"):
            checks.check_account(tally, lost, place)
    tally.offer([date(2026, 9, 9)])
    with pytest.raises(BrokenContract, match="3 landed or set aside, 0 outside"):
        checks.check_account(tally, days, place)
