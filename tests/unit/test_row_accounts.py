"""The intake's account of a load: every row offered has landed, was set aside, or lies outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trueup.errors import BrokenContract
from trueup.landing.store import DayAccount, Landing, Outside
from trueup.sources.contract import ControlTotal, SetAside
from unit.shop_loads import CHANGES, FIRST, SECOND, SPEND, aside, land, row


@pytest.mark.parametrize(
    ("changes", "reason", "day", "amount"),
    [
        ({"clicks": "2,126"}, "clicks is not BIGINT: like '9,9'", FIRST, "1.25"),
        ({"clicks": 1.5}, "clicks is not BIGINT: a float", FIRST, "1.25"),
        ({"cost": "1,234.50 EUR"}, "cost is not DECIMAL(18,6): like '9,9.9 a'", FIRST, "1234.5"),
        ({"cost": None}, "cost is empty", FIRST, None),
        ({"cost": "9" * 20}, "cost is not DECIMAL(18,6): like '9'", FIRST, None),
        ({"id": None}, "id is empty", FIRST, "1.25"),
        ({"ad_date": "09/01/2026"}, "ad_date is not DATE: like '9/9/9'", None, "1.25"),
        ({"who": 4917012345}, "who is not text", FIRST, "1.25"),
    ],
    ids=["thousands", "fraction", "dressed-money", "no-money", "too-large", "no-key", "us-date",
         "number-for-person"],
)  # fmt: skip
def test_a_row_that_does_not_type_is_set_aside_and_the_rest_lands(
    landing: Landing, changes: dict, reason: str, day: date | None, amount: str | None
):
    load = land(landing, [row("a"), row("b", **changes), row("c", 2)])
    money = None if amount is None else Decimal(amount)
    assert aside(landing, load) == [("row 2", reason, "unreadable", day, money, True)]
    assert load.row_count == 2
    assert sum(x.offered for x in load.days) == 3 == sum(x.landed + x.set_aside for x in load.days)
    of_day = next(x for x in load.days if x.day == day)
    assert (of_day.set_aside, of_day.set_aside_money) == (1, money or 0)


def test_the_content_of_a_row_set_aside_says_nothing_personal(landing: Landing):
    load = land(landing, [row("a"), row("b", clicks="x", note="to ana@x.pt"), row("c", 2)])
    (entry,) = landing.set_aside_rows(load)
    assert '"clicks": "x"' in entry["content"] and '"who": "removed"' in entry["content"]
    assert "@" not in str(entry)


def test_a_column_some_rows_lack_costs_those_rows(landing: Landing):
    partial = {key: value for key, value in row("b").items() if key != "clicks"}
    load = land(landing, [row("a"), partial, row("c", 2)])
    assert [entry[1] for entry in aside(landing, load)] == ["clicks is missing"]


def test_an_arrow_page_sets_aside_row_by_row_too(landing: Landing):
    table = pa.table(
        {
            "id": ["a", None, "c", "d"],
            "ad_date": [FIRST, FIRST, SECOND, SECOND],
            "clicks": [1.0, 2.0, 3.0, 2.5],
            "cost": [1, 2, 3, 4],
            "who": [None, None, "a@b.pt", None],
        }
    )
    load = land(landing, table)
    assert aside(landing, load) == [
        ("row 2", "id is empty", "unreadable", FIRST, Decimal(2), True),
        ("row 4", "clicks is not BIGINT: a float", "unreadable", SECOND, Decimal(4), True),
    ]
    assert load.days[1] == DayAccount(SECOND, 2, 1, 1, Decimal(3), Decimal(4))


def test_rows_outside_the_window_are_counted_with_their_days(landing: Landing):
    pages = [row("a"), row("b", 2), row("c", 8, cost="5"), row("d", 5, cost="2.5")]
    load = land(landing, pages)
    assert load.outside == Outside(2, date(2026, 9, 5), date(2026, 9, 8), Decimal("7.5"), 2)
    assert [entry[:4] for entry in aside(landing, load)] == [
        ("row 3", "ad_date lies outside the window", "outside", date(2026, 9, 8)),
        ("row 4", "ad_date lies outside the window", "outside", date(2026, 9, 5)),
    ]
    assert (load.row_count, load.set_aside_count) == (2, 0)


def test_a_row_a_source_sets_aside_itself_is_in_the_account(landing: Landing):
    one = SetAside("b.csv row 3", "no currency", "{}", SECOND, Decimal(8))
    load = land(landing, [row("a"), row("b", 2)], one)
    assert load.days[1] == DayAccount(SECOND, 2, 1, 1, Decimal("1.25"), Decimal(8))
    far = replace(one, day=date(2026, 8, 1))
    assert land(landing, [row("a"), row("b", 2)], far).outside == Outside(
        1, far.day, far.day, Decimal(8)
    )


def test_b5_identical_rows_collapse_and_the_last_of_different_ones_is_used(landing: Landing):
    """Case B5: a click id comes twice in a day with other ads: one is kept, both are named."""
    first = [row("a"), row("b"), row("x", clicks=1)]
    second = [row("x", clicks=2), row("b"), row("x", clicks=3), row("y", 2)]
    load = land(landing, first, second)
    used = "which is used: the last"
    assert sorted(entry[:3] for entry in aside(landing, load)) == [
        ("row 2", "the same row as another", "duplicate"),
        ("row 3", f"the same id, ad_date as another row, {used}", "conflict"),
        ("row 4", f"the same id, ad_date as another row, {used}", "conflict"),
    ]
    assert not any(entry[-1] for entry in aside(landing, load))
    landed = pq.read_table(landing.path(load.files[0].name)).to_pylist()
    assert [(one["id"], one["clicks"]) for one in landed] == [
        ("a", 7), ("b", 7), ("x", 3), ("y", 7)
    ]  # fmt: skip
    assert load.days[0] == DayAccount(FIRST, 6, 3, 3, Decimal("3.75"), Decimal("3.75"))
    assert load.files[0].row_count == 4


def test_of_versions_in_one_answer_the_newest_is_used(landing: Landing):
    rows = [
        {"id": "1", "at": "2026-09-02T08:00:00Z", "total": 2},
        {"id": "1", "at": "2026-09-01T08:00:00Z", "total": 1},
    ]
    load = land(landing, rows, stream=CHANGES)
    [(position, reason, kind, day, amount, is_lost)] = aside(landing, load)
    assert (position, kind, day, amount, is_lost) == ("row 2", "conflict", FIRST, 1, False)
    assert reason.endswith("as another row, which is used: the newest at")


def test_rows_that_add_up_know_no_repeated_key(landing: Landing):
    load = land(landing, [row("a"), row("a"), row("b", 2)], stream=replace(SPEND, add_up=True))
    assert (load.row_count, load.set_aside_count) == (3, 0)


@pytest.mark.parametrize("stated", ["3", "2"], ids=["as-sent", "without-the-one-sent-twice"])
def test_a_row_sent_twice_is_no_lost_page(landing: Landing, stated: str):
    load = land(landing, [row("a"), row("a"), row("b", 2)], ControlTotal("rows", stated))
    assert [entry[2] for entry in aside(landing, load)] == ["duplicate"]


def test_totals_of_the_vendor_count_rows_that_do_not_land(landing: Landing):
    """What is set aside or outside was fetched too; what is unreadable cannot be summed."""
    rows = [row("a"), row("b", clicks="x", cost="2"), row("c", 2), row("d", 9, cost="4")]
    load = land(landing, rows, ControlTotal("rows", 4), ControlTotal("sum:cost", "8.5"))
    assert load.control_totals == {"cost": "2.500000"}
    with pytest.raises(BrokenContract, match="lost page"):
        land(landing, rows, ControlTotal("sum:cost", "9.5"))
    land(landing, [row("a"), row("b", cost="?"), row("c", 2)], ControlTotal("sum:cost", "77"))
