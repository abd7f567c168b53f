"""Files: every row is used, set aside with what it weighs, or counted outside with its days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder
from trueup.errors import BrokenContract
from trueup.landing.store import DayAccount, Outside
from trueup.sources.amounts import lenient_amount
from trueup.window import Window

NO_CURRENCY = (
    "breaks the rule: Without an ISO currency code an amount cannot be converted, only guessed"
)
HEAD = "day,campaign,impressions,clicks,cost\n"
GOOD = "2026-09-01,a,10,1,1.50\n2026-09-02,b,20,2,2.50\n"


def test_s1_what_a_row_would_have_cost_is_known_though_another_cell_is_not_read(spend: Folder):
    """Case S1: impressions written "2,126"; the small campaigns land and the money does not."""
    small = "".join(f"2026-09-{day:02},small,{day},1,0.25\n" for day in range(1, 25)) * 2
    large = "".join(f'2026-09-{n % 30 + 1:02},large{n},"2,126",99,19.38\n' for n in range(51))
    load = spend.write("ui.csv", HEAD + small + large).land()
    assert sum(day.offered for day in load.days) == 99
    assert (load.row_count, load.set_aside_count) == (48, 51)
    lost = sum(day.set_aside_money for day in load.days)
    landed = sum(day.landed_money for day in load.days)
    assert (lost, landed) == (Decimal("988.38"), Decimal("12"))
    assert lost / (lost + landed) > Decimal("0.988")
    assert {row[0] for row in spend.aside(load, "reason")} == {
        "impressions is not BIGINT: like '9,9'"
    }


def test_s1_money_is_known_also_where_it_is_what_cannot_be_read(spend: Folder):
    load = spend.write("ui.csv", HEAD + GOOD + '2026-09-03,c,1,1,"1,234.50"\n').land()
    assert load.days[2] == DayAccount(date(2026, 9, 3), 1, 0, 1, Decimal(0), Decimal("1234.5"))


def test_s2_every_row_is_used_set_aside_or_counted_outside_with_its_dates(orders: Folder):
    """Case S2: three days in October read month first; one falls into September by chance."""
    orders.select = ORDERS.replace("day as", "try_strptime(day, '%m/%d/%Y')::date as")
    rows = "".join(f"A{n},{day},10\n" for n, day in enumerate(["09/05/2026", "03/10/2026"]))
    load = orders.write("till.csv", "id,day,total\n" + rows + "A3,05/10/2026,10\nA4,,10\n").land()
    assert orders.rows(load, "order_id") == ["A0"]
    assert load.outside == Outside(2, date(2026, 3, 10), date(2026, 5, 10), Decimal(20))
    assert sum(day.offered for day in load.days) + load.outside.rows == 4
    assert orders.aside(load, "position", "kind", "day") == [
        ("till.csv row 4", "unreadable", None),
        ("till.csv row 2", "outside", date(2026, 3, 10)),
        ("till.csv row 3", "outside", date(2026, 5, 10)),
    ]


def test_l7_a_refund_that_names_no_order_lands(tmp_path: Path):
    """Case L7: credit notes with a number of their own."""
    select = (
        "select _row, note as refund_id, day as refunded_date, total as amount_local,"
        " 'EUR' as currency_code from input"
    )
    refunds = Folder(tmp_path, "refunds", select)
    load = refunds.write("notes.csv", "note,day,total\nCN1,2026-09-05,30\n").land()
    assert refunds.rows(load, "refund_id", "order_id", "amount_local") == [("CN1", None, 30)]


@pytest.mark.parametrize(
    ("title", "footer"),
    [
        ("", 'Total: Account,," ",3,4.00\n'),
        ("", ",,30,3,4.00\n"),
        ("", "Totaal,4.00\n"),
        ("", "Gesamt,,,,\n,,,,4\n"),
        (",,30,3,4.00\n", ""),
        (",,30,3,4.01\n", ""),
        ("", ',,30,3,"$4.00"\n'),
        (",,30,3,4.00,Grand total\n", ""),
        ("", ",,4,Total\n"),
    ],
    ids=[
        "labelled",
        "by-its-amount",
        "fewer-cells",
        "two",
        "at-the-start",
        "rounded",
        "dressed",
        "said-at-its-end",
        "said-within",
    ],
)
def test_a_total_is_no_row_and_no_loss(spend: Folder, title: str, footer: str):
    load = spend.write("spend.csv", HEAD + title + GOOD + footer).land()
    assert load.control_totals == {"spend_amount_local": "4.000000"}
    aside = spend.aside(load, "reason", "kind")
    assert set(aside) == {("a total of the file's rows", "total")}
    assert len(aside) == (title + footer).count("\n")


@pytest.mark.parametrize(
    ("footer", "is_lost"),
    [
        ("©2026 Listing Sites Ltd. All rights reserved.\n", False),
        ('"2 records downloaded, from , seller : x"\n', False),
        ("Report made for you on 1 Sept,by us\n", False),
        ("Spring sale and more,2026-09-02\n", True),
        ("2026-09-02,Spring sale and more\n", True),
        ("Spring sale,1\n", True),
    ],
)
def test_a_note_below_the_rows_is_no_row_that_is_lost(spend: Folder, footer: str, is_lost: bool):
    load = spend.write("spend.csv", HEAD + GOOD + footer).land()
    assert spend.aside(load, "is_lost") == [(is_lost,)]
    load = spend.write("spend.csv", HEAD + footer + GOOD[:23] + footer + GOOD[23:]).land()
    assert spend.aside(load, "is_lost") == [(is_lost,), (True,)]


TOTALS = [
    "Total", "Totals", "TOTAL", "Total: Account", "Total - all", "Grand total", "Subtotal",
    "Sub-total", "Gesamt", "Summe", "Summe:", "Gesamtsumme", "Zwischensumme", "Totaal", "Totale",
    "Totaux", "Total geral", "Totales", "Suma", "Somme",
]  # fmt: skip
NO_TOTALS = [
    "Summer sale", "Totally new", "Gesamtpaket", "Summerhouse", "Sumatra coffee", "Sommer",
    "Sommelier", "Totality", "Totalenergies", "Our total look", "Subtotally",
]  # fmt: skip


@pytest.mark.parametrize("name", TOTALS + NO_TOTALS)
@pytest.mark.parametrize("line", [",{},30,3,9\n", "{},30\n"], ids=["row", "cut-line"])
def test_a_total_begins_with_the_word_and_a_campaign_is_not_taken_for_one(
    spend: Folder, name: str, line: str
):
    load = spend.write("spend.csv", HEAD + GOOD + line.format(name)).land()
    ((kind,),) = spend.aside(load, "kind")
    assert kind == ("total" if name in TOTALS else "unreadable")


def test_a_row_without_a_day_that_is_no_total_is_lost(spend: Folder):
    load = spend.write("spend.csv", HEAD + ",c,30,3,9\n" + GOOD + ",d,30,3,9\n").land()
    assert spend.aside(load, "reason", "kind", "amount") == [
        ("ad_date is empty", "unreadable", 9), ("ad_date is empty", "unreadable", 9)
    ]  # fmt: skip


def test_a_credit_lowers_the_day_and_campaign_it_belongs_to(spend: Folder):
    load = spend.write("spend.csv", HEAD + GOOD + "2026-09-01,a,0,0,-0.50\n").land()
    assert (load.row_count, load.control_totals) == (3, {"spend_amount_local": "3.500000"})


def test_what_the_select_says_is_no_row_is_excluded(spend: Folder):
    spend.select = SPEND.replace("from input", ", case when campaign = 'b' then 'a test' end as"
                                 " reject_reason from input")  # fmt: skip
    load = spend.write("spend.csv", HEAD + GOOD).land()
    assert spend.aside(load, "reason", "kind", "amount") == [("a test", "excluded", Decimal("2.5"))]


def test_a_file_with_another_header_costs_its_rows_and_the_others_land(spend: Folder):
    spend.write("a.csv", HEAD + GOOD).write("b.csv", HEAD.replace("cost", "price") + GOOD)
    load = spend.land()
    assert load.control_totals == {"spend_amount_local": "4.000000"}
    assert spend.aside(load) == [
        (f"b.csv row {n}", "the select does not run on this file", "unreadable") for n in (1, 2)
    ]


@pytest.mark.parametrize(
    ("given", "at", "day"),
    [
        ("t as ordered_at", datetime(2026, 9, 5, 23, 30, tzinfo=UTC), 6),
        ("t as ordered_date", datetime(2026, 9, 5, 23, 30, tzinfo=UTC), 6),
        ("t as ordered_at, '2026-09-05' as ordered_date",
         datetime(2026, 9, 5, 23, 30, tzinfo=UTC), 5),
        ("t as ordered_at, null as ordered_date", datetime(2026, 9, 5, 23, 30, tzinfo=UTC), 6),
        ("left(t, 10) as ordered_date", None, 5),
        ("left(t, 10) || ' 00:00:00' as ordered_date", None, 5),
        ("left(t, 10)::date as ordered_date", None, 5),
        ("left(t, 10)::timestamp as ordered_date", None, 5),
        ("left(t, 10) as ordered_at", datetime(2026, 9, 4, 23, 0, tzinfo=UTC), 5),
    ],
    ids=["instant", "instant-as-day", "both", "day-empty", "day", "midnight", "date", "timestamp",
         "day-as-instant"],
)  # fmt: skip
@pytest.mark.parametrize("written", ["2026-09-05T23:30:00Z", "2026-09-05 19:30:00 -0400"])
def test_of_a_moment_either_half_will_do(
    orders: Folder, given: str, at: datetime | None, day: int, written: str
):
    orders.select = f"select _row, id as order_id, {given}, 5 as amount_local, 'EUR' as currency_code from input"  # noqa: E501
    load = orders.write("till.csv", f"id,t\nA1,{written}\n").land()
    assert orders.rows(load, "ordered_at", "ordered_date") == [(at, date(2026, 9, day))]


def test_a_file_that_reaches_into_the_future_lands_its_past(orders: Folder):
    orders.window = Window(date(2026, 9, 1), date(2026, 9, 2))
    load = orders.write("t.csv", "id,day,total\nA1,2026-09-01,5\nA2,2026-09-02,1\n").land()
    assert load.row_count == 1
    assert load.outside == Outside(1, date(2026, 9, 2), date(2026, 9, 2), Decimal(1), 1)


def test_not_one_row_in_the_window_is_no_load(orders: Folder):
    orders.write("t.csv", "id,day,total\nA1,2025-09-01,5\n")
    with pytest.raises(BrokenContract, match="every row lies outside.*1 rows of 2025-09-01"):
        orders.land()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", "1234.5"), ("1.234,50 €", "1234.5"), ("R$ 1.234.567,89", "1234567.89"),
        ("(12.00)", "-12"), ("12.00-", "-12"), ("-3,5", "-3.5"), ("1 234,5", "1234.5"),
        ("2,126", "2126"), ("1.234.567", "1234567"), ("1'234.5", "1234.5"),
        ("0", "0"), ("n/a", None), ("", None), ("-", None), ("9" * 20, None), (None, None),
        (True, None), (2.5, "2.5"), (3, "3"), (float("nan"), None),
    ],
)  # fmt: skip
def test_an_amount_in_any_dress_is_weighed(text: object, amount: str | None):
    assert lenient_amount(text) == (None if amount is None else Decimal(amount))
