"""Files: keys that come twice, in one file and in several; one row is used, all are named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import Folder
from trueup.landing.store import DayAccount

FIRST, SECOND = date(2026, 9, 1), date(2026, 9, 2)


def test_b6_an_order_id_twice_with_other_amounts_names_both_rows(orders: Folder):
    """Case B6: the last one in the file is used, every other row lands."""
    orders.write(
        "till.csv", "id,day,total\nA1,2026-09-01,3199\nA2,2026-09-01,5\nA1,2026-09-02,1524\n"
    )
    load = orders.land()
    assert orders.rows(load, "order_id", "amount_local") == [("A2", 5), ("A1", 1524)]
    assert orders.aside(load) == [
        (
            "till.csv row 1",
            "the same feed, order_id as another row, which is used: the last",
            "conflict",
        )
    ]
    assert load.days == (
        DayAccount(FIRST, 2, 1, 1, Decimal(5), Decimal(3199)),
        DayAccount(SECOND, 1, 1, 0, Decimal(1524), Decimal(0)),
    )


@pytest.mark.parametrize(
    "written", ["S1 ", " S1", "S1\u00a0", "\u200bS1", "\ufeffS1", "S1\u2009", '"S1\t"', "'S1"]
)
def test_ids_that_look_alike_are_one(orders: Folder, written: str):
    lines = f"id,day,total\nS1,2026-09-01,5\n{written},2026-09-01,5\ns1,2026-09-01,7\n"
    load = orders.write("till.csv", lines).land()
    assert orders.rows(load, "order_id", "amount_local") == [("S1", 5), ("s1", 7)]
    assert [kind for *_, kind in orders.aside(load)] == ["duplicate"]


def test_an_id_of_nothing_that_is_seen_is_none(orders: Folder):
    load = orders.write("till.csv", "id,day,total\nS1,2026-09-01,5\n\u00a0,2026-09-01,6\n").land()
    assert [reason for _, reason, _ in orders.aside(load)] == ["order_id is empty"]


def test_spend_of_a_campaign_written_with_a_blank_is_that_campaigns(spend: Folder):
    spend.write(
        "a.csv", HEAD + "2026-09-01,x,10,1,2\n2026-09-01,x ,10,1,3\n2026-09-01,'t Zand,1,1,1\n"
    )
    load = spend.land()
    assert spend.rows(load, "campaign_id") == ["x", "x", "'t Zand"]


def test_an_order_of_several_lines_that_are_alike_counts_once(orders: Folder):
    """An export with a line per item repeats the order's own columns on each."""
    lines = "id,day,total,item\nA1,2026-09-01,30,shirt\nA1,2026-09-01,30,hat\nA2,2026-09-01,5,hat\n"
    load = orders.write("till.csv", lines).land()
    assert load.control_totals == {"amount_local": "35.000000"}
    assert orders.aside(load, "position", "reason", "kind", "is_lost") == [
        ("till.csv row 1", "the same row as another", "duplicate", False)
    ]


def test_an_order_whose_further_lines_leave_the_total_blank_loses_nothing(orders: Folder):
    """Shop exports fill the order's total on its first line only."""
    lines = "id,day,total,item\nA1,2026-09-01,30,shirt\nA1,2026-09-01,,hat\nA2,2026-09-01,,hat\n"
    load = orders.write("till.csv", lines).land()
    assert load.control_totals == {"amount_local": "30.000000"}
    assert orders.aside(load, "position", "reason", "kind", "is_lost") == [
        ("till.csv row 2", "amount_local is empty; another row of the same order_id is used",
         "duplicate", False),
        ("till.csv row 3", "amount_local is empty", "unreadable", True),
    ]  # fmt: skip


def test_an_order_in_two_files_is_that_of_the_file_whose_name_sorts_last(orders: Folder):
    orders.write("2026-09.csv", "id,day,total\nA1,2026-09-01,10\nA2,2026-09-01,5\n")
    orders.write("2026-10.csv", "id,day,total\nA1,2026-09-01,12\nA2,2026-09-01,5\n")
    load = orders.land()
    assert orders.rows(load, "order_id", "amount_local") == [("A1", 12), ("A2", 5)]
    assert sorted(orders.aside(load)) == [
        ("2026-09.csv row 1",
         "the same feed, order_id as another row, which is used: the last", "conflict"),
        ("2026-09.csv row 2", "the same row as another", "duplicate"),
    ]  # fmt: skip


def test_files_of_one_name_in_two_folders_are_distinguished(orders: Folder):
    for month in ("08", "09"):
        (orders.path / month).mkdir()
        orders.write(f"{month}/till.csv", f"id,day,total\nA1,2026-09-01,{month}\n")
    orders.glob = "*/till.csv"
    load = orders.land()
    assert orders.aside(load, "position", "content") == [
        ("08/till.csv row 1", "used: 09/till.csv row 1, which differs in amount_local")
    ]


HEAD = "day,campaign,impressions,clicks,cost\n"


def test_rows_of_spend_that_share_a_key_add_up_within_a_file(spend: Folder):
    spend.write("a.csv", HEAD + "2026-09-01,x,10,1,2.50\n2026-09-01,x,10,1,2.50\n")
    load = spend.land()
    assert (load.row_count, load.set_aside_count) == (2, 0)
    assert load.control_totals == {"spend_amount_local": "5.000000"}


def test_spend_of_two_files_that_overlap_is_that_of_the_last(spend: Folder):
    """A week comes after the day it begins with, which it corrects."""
    spend.write(
        "2026-09-01.csv", HEAD + "2026-09-01,x,10,1,2\n2026-09-01,x,10,1,3\n2026-09-01,y,1,1,7\n"
    )
    spend.write("2026-09-02.csv", HEAD + "2026-09-01,x,10,1,4\n2026-09-02,x,10,1,1\n")
    load = spend.land()
    assert sorted(spend.rows(load, "campaign_id", "ad_date", "spend_amount_local")) == [
        ("x", FIRST, 4), ("x", SECOND, 1), ("y", FIRST, 7)
    ]  # fmt: skip
    key = "platform, account_id, campaign_id, ad_group_id, ad_id, ad_date"
    rule = f"the same {key} as another row, which is used: the file that sorts last"
    assert spend.aside(load, "position", "reason", "kind", "amount", "is_lost") == [
        ("2026-09-01.csv row 1", rule, "conflict", 2, False),
        ("2026-09-01.csv row 2", rule, "conflict", 3, False),
    ]


def test_a_file_delivered_twice_counts_once(spend: Folder):
    content = HEAD + "2026-09-01,x,10,1,2\n2026-09-01,x,10,1,3\n"
    load = spend.write("spend (1).csv", content).write("spend.csv", content).land()
    assert load.control_totals == {"spend_amount_local": "5.000000"}
    assert spend.aside(load, "position", "reason", "kind", "content") == [
        (f"spend.csv row {n}", "the same rows as those of another file", "duplicate",
         "used: spend (1).csv row 1")
        for n in (1, 2)
    ]  # fmt: skip


def test_a_row_that_cannot_be_used_stands_in_for_nothing(spend: Folder):
    spend.write("a.csv", HEAD + "2026-09-01,x,10,1,2\n")
    load = spend.write("b.csv", HEAD + "2026-09-01,x,10,1,?\n").land()
    assert load.control_totals == {"spend_amount_local": "2.000000"}
    assert [kind for *_, kind in spend.aside(load)] == ["unreadable"]


def test_a_booking_whose_dates_are_put_right_in_a_later_file_is_not_lost(tmp_path: Path):
    """Its first row breaks a rule of its stream and not the form of a column."""
    select = "select * exclude (_file), 'EUR' as currency_code from input"
    bookings = Folder(tmp_path, "bookings", select)
    head = "booking_id,booked_date,arrival_date,departure_date,amount_local\n"
    bookings.write("2026-09.csv", head + "1,2026-09-04,2026-09-20,2026-09-18,120\n")
    bookings.write("2026-10.csv", head + "1,2026-09-04,2026-09-18,2026-09-20,120\n"
                   "2,2026-09-05,2026-09-20,2026-09-18,90\n")  # fmt: skip
    load = bookings.land()
    assert bookings.rows(load, "booking_id", "amount_local") == [("1", 120)]
    why = (
        "breaks the rule: Guests leave after they arrive; the two dates are swapped or one is wrong"
    )
    assert bookings.aside(load, "position", "reason", "kind", "is_lost", "currency_code") == [
        ("2026-09.csv row 1", f"{why}; another row of the same booking_id is used", "duplicate",
         False, "EUR"),
        ("2026-10.csv row 2", why, "unreadable", True, "EUR"),
    ]  # fmt: skip
