"""Files as people export them: what is odd costs its line, and what it costs is known."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder
from trueup.errors import BrokenContract
from trueup.landing.store import DayAccount, Outside
from trueup.sources.amounts import lenient_amount
from trueup.window import Window

NO_CURRENCY = "Without an ISO currency code an amount cannot be converted, only guessed"
HEAD = "day,campaign,impressions,clicks,cost\n"
GOOD = "2026-09-01,a,10,1,1.50\n2026-09-02,b,20,2,2.50\n"


@pytest.fixture
def spend(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "ad_performance", SPEND)


@pytest.fixture
def orders(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "orders", ORDERS)


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
    ("content", "reader"),
    [
        ("\ufeff" + HEAD + GOOD, {}),
        ((HEAD + GOOD).replace("\n", "\r\n"), {}),
        ((HEAD + GOOD).replace("\n", "\r"), {}),
        ((HEAD + GOOD).replace("\n", "\r\n", 2), {}),
        ((HEAD + GOOD).replace(",", ";"), {"delim": ";"}),
        ((HEAD + GOOD).replace(",", "\t"), {"delim": "\\t"}),
        ((HEAD + GOOD).replace(",", "\t").encode("utf-16"), {"delim": "\t"}),
        (HEAD + GOOD.replace("a,", "Málaga,"), {}),
        ((HEAD + GOOD.replace("a,", "Málaga,")).encode("latin-1"), {"encoding": "latin-1"}),
        ((HEAD + GOOD.replace("a,", "€ a,")).encode("cp1252"), {"encoding": "cp1252"}),
        ("Campaign report\nAll time\n" + HEAD + GOOD, {"skip": 2}),
        ("\n" + HEAD + "\n" + GOOD + "\n\n", {}),
        (HEAD + GOOD.rstrip("\n"), {}),
        (HEAD + GOOD.replace("\n", ",\n"), {}),
        (HEAD + GOOD.replace("a,", '"a\nb, c",'), {}),
        (HEAD + GOOD.replace("a,", '"say ""hi""",'), {}),
        (HEAD + GOOD.replace("a,", '5" pizza,'), {}),
        (HEAD + GOOD.replace("b,", '"a \\" b",'), {"escape": "\\"}),
        (HEAD + GOOD.replace("10,1", "--,--"), {"nullstr": "--"}),
        (HEAD + GOOD + "2026-09-03,c\n", {"null_padding": True}),
    ],
    ids=["bom", "crlf", "cr", "mixed-ends", "semicolon", "tab", "utf-16", "accent", "latin-1",
         "windows", "title-lines", "blank-lines", "no-last-end", "trailing-comma",
         "quoted-newline", "doubled-quote", "inch-mark", "escaped-quote", "dashes", "short-line"],
)  # fmt: skip
def test_a_file_written_another_way_lands_whole(
    spend: Folder, content: str | bytes, reader: dict[str, object]
):
    spend.feed = {"reader": reader}
    load = spend.write("spend.csv", content).land()
    assert load.control_totals == {"spend_amount_local": "4.000000"}
    assert load.row_count == 2


def test_a_packed_file_lands_and_a_cut_one_is_named(spend: Folder):
    packed = gzip.compress((HEAD + GOOD * 2000).encode())
    spend.glob = "*.csv.gz"
    assert spend.write("spend.csv.gz", packed).land().row_count == 4000
    spend.write("spend.csv.gz", packed[:-20])
    with pytest.raises(BrokenContract, match="spend.csv.gz is not whole"):
        spend.land()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04" + b"\x00" * 40, "is an Excel workbook or a zip archive: export it as CSV"),
        ((HEAD + GOOD).encode("utf-16-le"), "looks like UTF-16: .*encoding: utf-16"),
        ((HEAD + GOOD.replace("a,", "Málaga,")).encode("latin-1"), "see line 2.*latin-1"),
        (("Report\nAll time\n" + HEAD + GOOD).encode(), "line 3 looks like the header.*skip: 2"),
        ((HEAD + GOOD).replace(",", ";").encode(), "cut by ';': reader {delim: ';'}"),
    ],
    ids=["workbook", "utf-16", "latin-1", "title-lines", "semicolon"],
)
def test_a_file_read_the_wrong_way_says_which_way_is_right(
    spend: Folder, content: bytes, problem: str
):
    spend.write("spend.csv", content)
    with pytest.raises(BrokenContract, match=problem):
        spend.land()


@pytest.mark.parametrize(
    ("line", "reason", "day"),
    [
        ('2026-09-03,"c,1,1,9\n', "a quote is out of place", 3),
        ('2026-09-03,"5" pizza",1,1,9\n', "a quote is out of place", 3),
        ("2026-09-03,Acme, Inc,1,1,9\n", "too many columns", 3),
        ("2026-09-03,c\n", "missing columns", 3),
        ("\0\0\0\0\n", "missing columns", None),
        ("2026-09-03,c,1,1,9\0\n", "spend_amount_local is not DECIMAL(18,6): like '9\0'", 3),
        ("46268,c,1,1,9\n", "ad_date is not DATE: like '9'", None),
        ("03/09/2026,c,1,1,9\n", "ad_date is not DATE: like '9/9/9'", None),
        ("20260903,c,1,1,9\n", "ad_date is not DATE: like '9'", None),
        ("2026-09-31,c,1,1,9\n", "ad_date is not DATE: like '9-9-9'", None),
        ("2026-09-03,c,1,1,-9\n",
         "spend is below zero: a credit lowers the day and campaign it belongs to", 3),
        ("2026-09-03,c,-1,1,9\n", "Counts below zero are a broken file", 3),
        ("2026-09-03,c,1,1,1e20\n", "spend_amount_local is not DECIMAL(18,6): like '9a9'", 3),
        ("2026-09-03,c,1,1,nan\n", "spend_amount_local is not DECIMAL(18,6): like 'a'", 3),
    ],
    ids=["open-quote", "stray-quote", "comma-in-name", "cut-line", "zero-bytes", "zero-byte",
         "spreadsheet-day", "day-first", "compact-day", "no-such-day", "credit", "negative-count",
         "exponent", "nan"],
)  # fmt: skip
def test_a_line_that_is_wrong_costs_that_line(
    spend: Folder, line: str, reason: str, day: int | None
):
    content = HEAD + GOOD[:23] + line + GOOD[23:] + "2026-09-04,d,1,1,1\n"
    load = spend.write("spend.csv", content).land()
    assert load.control_totals == {"spend_amount_local": "5.000000"}
    assert spend.aside(load, "reason", "kind", "day", "is_lost") == [
        (reason, "unreadable", day and date(2026, 9, day), True)
    ]


def test_a_quote_nobody_closes_does_not_swallow_the_lines_after_it(spend: Folder):
    """The next quote in the file closes it, a hundred rows on: a cell that holds them all."""
    rows = "".join(f"2026-09-{n % 28 + 1:02},c{n},1,1,1\n" for n in range(100))
    content = HEAD + '2026-09-01,"a,1,1,5\n' + rows + '2026-09-02,b",1,1,1\n'
    load = spend.write("spend.csv", content).land()
    assert load.control_totals == {"spend_amount_local": "101.000000"}
    assert spend.aside(load) == [("spend.csv line 2", "a quote is not closed", "unreadable")]


def test_one_line_in_another_encoding_costs_that_line(spend: Folder):
    rows = "".join(f"2026-09-01,c{n},1,1,1\n" for n in range(200))
    content = (HEAD + rows).encode() + "2026-09-02,Málaga,1,1,9\n".encode("latin-1")
    load = spend.write("spend.csv", content).land()
    assert load.row_count == 200
    assert spend.aside(load) == [
        ("spend.csv line 202", "not in the encoding utf-8", "unreadable")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "footer",
    [
        'Total: Account,," ",3,4.00\n',
        ",,30,3,4.00\n",
        "Totaal,4.00\n",
        "Gesamt,,,,\n,,,,4\n",
    ],
    ids=["labelled", "by-its-amount", "fewer-cells", "two"],
)
def test_a_total_at_the_end_is_no_row_and_no_loss(spend: Folder, footer: str):
    load = spend.write("spend.csv", HEAD + GOOD + footer).land()
    assert load.control_totals == {"spend_amount_local": "4.000000"}
    aside = spend.aside(load, "reason", "kind")
    assert set(aside) == {("a total at the end of the file", "excluded")}
    assert len(aside) == footer.count("\n")


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


def test_codes_of_currencies_are_read_in_any_case_and_signs_are_none(orders: Folder):
    orders.select = ORDERS.replace("'EUR'", "currency")
    rows = "A1,2026-09-01,5, eur\nA2,2026-09-01,6,€\nA3,2026-09-01,7,\n"
    load = orders.write("till.csv", "id,day,total,currency\n" + rows).land()
    assert orders.rows(load, "currency_code") == ["EUR"]
    assert orders.aside(load, "reason", "amount") == [
        ("currency_code is empty", 7), (NO_CURRENCY, 6)
    ]  # fmt: skip


def test_an_id_that_is_an_e_mail_address_is_set_aside_unseen(orders: Folder):
    load = orders.write("t.csv", "id,day,total\nana@x.pt,2026-09-01,5\nA2,2026-09-01,1\n").land()
    ((reason, content),) = orders.aside(load, "reason", "content")
    assert reason == "An id that reads as an e-mail address must be hashed by the feed's SQL"
    assert "@" not in content


def test_what_an_order_gives_back_is_no_order(orders: Folder):
    load = orders.write("t.csv", "id,day,total\nA1,2026-09-01,-5\nA2,2026-09-01,1\n").land()
    assert orders.aside(load, "reason", "amount") == [
        ("An order takes no money away; what was given back is a refund", -5)
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
    assert load.outside == Outside(1, date(2026, 9, 2), date(2026, 9, 2), Decimal(1))


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
