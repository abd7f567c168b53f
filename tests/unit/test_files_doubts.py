"""Files: what only a feed's rows together tell of a value, and lines that were never rows."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder
from trueup.errors import BrokenContract

HEAD = "id,day,total\n"
ADS = "day,campaign,impressions,clicks,cost\n"


def amounts(orders: Folder, *written: str) -> list[str]:
    """The reasons for which orders of these amounts are set aside."""
    lines = "".join(f'A{n},2026-09-01,"{text}"\n' for n, text in enumerate(written))
    load = orders.write("t.csv", f"{HEAD}{lines}Z,2026-09-01,7\n").land()
    return [reason for _, reason, _ in orders.aside(load)]


@pytest.mark.parametrize(
    "written",
    [("1.234", "950", "12.500"), ("125.300", "89.900"), ("1.000", "12,50"), ("1.000", "2.500,00")],
)
def test_points_before_three_digits_alone_may_be_thousands(
    orders: Folder, written: tuple[str, ...]
):
    """A thousandth of the truth would pass every gate."""
    reasons = amounts(orders, *written)
    grouped = [text for text in written if len(text.partition(".")[2]) == 3]
    assert sum("may be in thousands" in reason for reason in reasons) == len(grouped)


@pytest.mark.parametrize(
    "written",
    [
        ("1.234", "12.5"), ("1.234", "0.512", "2.718"), ("12.500", "1234.500"), ("1.234", "5000"),
        ("1.234",), ("12.50", "8.25"), ("1.234", ".500"),
    ],
)  # fmt: skip
def test_amounts_of_three_decimals_are_what_they_say(orders: Folder, written: tuple[str, ...]):
    assert amounts(orders, *written) == []


def test_dinars_have_three_decimals_and_a_cast_says_so_too(orders: Folder):
    orders.select = ORDERS.replace("'EUR'", "'KWD'")
    assert amounts(orders, "1.234", "12.500") == []
    orders.select = ORDERS.replace("total as", "total::decimal(18, 6) as")
    assert amounts(orders, "1.234", "12.500") == []


def lines(records: int, unlike: int) -> str:
    """A file of so many orders, of which some have two lines."""
    first = "".join(f"A{n},2026-09-01,{10 + n}\n" for n in range(records))
    return HEAD + first + "".join(f"A{n},2026-09-01,5\n" for n in range(unlike))


def test_lines_of_orders_are_not_taken_for_orders(orders: Folder):
    """The last line of each would be used, and the others' money be missing with a warning."""
    load = orders.write("t.csv", lines(records=12, unlike=3)).land()
    assert load.row_count == 9
    found = orders.aside(load, "kind", "reason", "is_lost", "amount")
    assert [row[0] for row in found] == ["unreadable"] * 6
    assert "let the select make a sum (group by order_id)" in found[0][1]
    assert {row[2] for row in found} == {True}
    assert sum(row[3] for row in found) == 10 + 11 + 12 + 3 * 5


def test_lines_that_the_select_adds_up_are_orders(orders: Folder):
    orders.select = """
        select min(_row) as _row, id as order_id, any_value(day) as ordered_date,
            sum(total::decimal(18, 2)) as amount_local, 'EUR' as currency_code
        from input group by id
    """
    load = orders.write("t.csv", lines(records=4, unlike=3)).land()
    assert (load.row_count, orders.aside(load)) == (4, [])
    assert sum(orders.rows(load, "amount_local")) == 10 + 11 + 12 + 13 + 3 * 5


@pytest.mark.parametrize(("records", "unlike"), [(2, 2), (31, 3)])
def test_an_order_or_two_that_were_corrected_are_used_as_they_stand_last(
    orders: Folder, records: int, unlike: int
):
    load = orders.write("t.csv", lines(records, unlike)).land()
    assert load.row_count == records
    assert {kind for _, _, kind in orders.aside(load)} == {"conflict"}


def test_an_order_of_another_amount_in_each_of_two_files_is_no_line(orders: Folder):
    for name, total in (("a.csv", 5), ("b.csv", 7)):
        body = "".join(f"A{n},2026-09-01,{total}\n" for n in range(4))
        orders.write(name, HEAD + body)
    assert orders.rows(orders.land(), "amount_local") == [7] * 4


def test_a_thousand_views_are_not_one(spend: Folder):
    load = spend.write("s.csv", f"{ADS}2026-09-01,a,1.000,1,5\n2026-09-02,b,7,1,5\n").land()
    assert spend.aside(load, "reason") == [("impressions is not BIGINT: like '9.9'",)]


@pytest.mark.parametrize(
    ("first", "second"), [("00123", "123"), ("123", "00123"), ("#123", "123"), ("123", "123.0")]
)
def test_an_order_is_one_however_two_files_spell_its_number(
    orders: Folder, first: str, second: str
):
    orders.write("a.csv", f"{HEAD}{first},2026-09-01,5\n")
    load = orders.write("b.csv", f"{HEAD}{second},2026-09-01,6\n125,2026-09-03,7\n").land()
    assert load.control_totals == {"amount_local": "13.000000"}
    assert [kind for *_, kind in orders.aside(load)] == ["conflict"]


def test_numbers_one_file_tells_apart_and_those_of_other_days_are_two(orders: Folder):
    orders.write("a.csv", f"{HEAD}07,2026-09-01,5\n7,2026-09-01,6\n08,2026-09-01,1\n")
    load = orders.write("b.csv", f"{HEAD}7,2026-09-01,6\n8,2026-09-04,1\n").land()
    assert load.control_totals == {"amount_local": "13.000000"}


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [("campaign", "777", "777.0"), ("account", "123-456-7890", "1234567890"),
     ("platform", "Google Maps", "google_maps")],
)  # fmt: skip
def test_spend_two_files_spell_differently_is_spent_once(
    spend: Folder, column: str, first: str, second: str
):
    spend.select = SPEND.replace("'maps'", "platform").replace(
        "campaign as", "account as account_id, campaign as"
    )
    usual = {"platform": "maps", "account": "1", "campaign": "c"}
    for name, spelling in (("a.csv", first), ("b.csv", second)):
        cells = ",".join((usual | {column: spelling}).values())
        spend.write(name, f"platform,account,campaign,{ADS}".replace(",campaign,imp", ",imp")
                    + f"{cells},2026-09-01,10,1,5\n")  # fmt: skip
    assert spend.land().control_totals == {"spend_amount_local": "5.000000"}


@pytest.mark.parametrize(
    "written", ["1.20211E+17", "1.2E+11", "8.96529E+19", "1.2021123456e+17", '"1,20211E+17"']
)
def test_an_order_whose_number_lost_its_digits_is_set_aside(orders: Folder, written: str):
    load = orders.write("t.csv", f"{HEAD}{written},2026-09-01,5\nA2,2026-09-02,6\n").land()
    ((reason,),) = orders.aside(load, "reason")
    assert reason.startswith("order_id has lost digits in a spreadsheet")


@pytest.mark.parametrize("written", ["5.006E3", "12E11", "1.23456789012345E+14", "9E+4"])
def test_a_number_with_all_its_digits_is_one(orders: Folder, written: str):
    load = orders.write("t.csv", f"{HEAD}{written},2026-09-01,5\n").land()
    assert orders.rows(load, "order_id") == [written]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}A1,2026-09-01,5\n{HEAD}A2,2026-09-01,6\n",
        f"\ufeff{HEAD}A1,2026-09-01,5\n\ufeff{HEAD}A2,2026-09-01,6\n",
        f"{HEAD}A1,2026-09-01,5\nA2,2026-09-01,6\n\x1a",
        f"{HEAD}--,----------,-----\nA1,2026-09-01,5\nA2,2026-09-01,6\n\n(2 rows affected)\n",
        f"sep=,\n{HEAD}A1,2026-09-01,5\nA2,2026-09-01,6\n(2 rows)\n",
        f'{HEAD}A1,2026-09-01,5\n"ID", "Day","TOTAL"\nA2,2026-09-01,6\n',
        f'{HEAD}A1,2026-09-01,5\n,,\nA2,2026-09-01,6\n , ,\n"","",""\n',
    ],
    ids=["header-again", "header-with-its-mark", "end-of-text", "underlined", "delimiter-stated",
         "header-written-otherwise", "empty-cells"],
)  # fmt: skip
def test_lines_that_were_never_rows_are_none(orders: Folder, content: str):
    load = orders.write("t.csv", content).land()
    assert (load.row_count, load.set_aside_count) == (2, 0)


def test_a_header_in_another_order_is_that_of_the_rows_below_it(orders: Folder):
    """As where exports of two versions were put together: sums that changed places would be read
    without a word."""
    orders.select = orders.select.replace("total as", "net as")
    rows = "A1,2026-09-01,5,6\n" + "id,day,gross,net\nA2,2026-09-01,60,50\n,,,\n(2 rows)\n"
    again = "id,day,net,gross\nA3,2026-09-01,500,600\n"
    load = orders.write("t.csv", f"id,day,net,gross\n{rows}A4,2026-09-01,61,51\n{again}").land()
    found = orders.rows(load, "order_id", "amount_local")
    assert sorted(found) == [("A1", 5), ("A2", 50), ("A3", 500), ("A4", 51)]
    assert load.set_aside_count == 0


def test_a_line_of_dashes_among_rows_is_set_aside(orders: Folder):
    load = orders.write("t.csv", f"{HEAD}A1,2026-09-01,5\n--,---,---\nA2,2026-09-01,6\n").land()
    assert (load.row_count, load.set_aside_count) == (2, 1)


RECORD = '{"id": "A1", "day": "2026-09-01", "total": 5}'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_json_with_a_mark_at_its_start_is_read(tmp_path: Path, encoding: str, is_packed: bool):
    orders = Folder(tmp_path, "orders", ORDERS, "*.json*")
    content = f"[{RECORD}]".encode(encoding)
    name, content = ("t.json.gz", gzip.compress(content)) if is_packed else ("t.json", content)
    assert orders.write(name, content).land().row_count == 1


@pytest.mark.parametrize(
    "line", ['{"id": "A2", "day":', '{"id": "A2", "id": "A3"}', "Killed", RECORD[:20]]
)
def test_a_line_of_json_that_is_none_costs_itself(tmp_path: Path, line: str):
    orders = Folder(tmp_path, "orders", ORDERS, "*.ndjson")
    other = RECORD.replace("A1", "A9")
    load = orders.write("t.ndjson", f"{RECORD}\n{line}\n{other}\n").land()
    assert sorted(orders.rows(load, "order_id")) == ["A1", "A9"]
    assert orders.aside(load) == [
        ("t.ndjson line 2", "the line is no JSON record", "unreadable")
    ]  # fmt: skip


def test_a_line_of_json_in_another_encoding_costs_itself(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS, "*.ndjson")
    good = "".join(RECORD.replace("A1", f"A{n}") + "\n" for n in range(150)).encode()
    load = orders.write("t.ndjson", good + RECORD.replace("A1", "Málaga").encode("latin-1")).land()
    assert load.row_count == 150
    assert [reason for _, reason, _ in orders.aside(load)] == ["the line is no JSON record"]


def test_json_with_a_mark_and_bytes_that_do_not_decode_stops_its_feed(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS, "*.json")
    lines = "".join(RECORD + "\n" for _ in range(200)).encode("utf-8-sig")
    with pytest.raises(BrokenContract, match="t.json cannot be read"):
        orders.write("t.json", lines + RECORD.replace("A1", "é").encode("latin-1")).land()


def money_as(expression: str) -> str:
    return ORDERS.replace("total as", f"{expression} as")


NO_COMMAS = "replace(total, ',', '')"
CENTS = ("12,50", "8,95", "1.234,50", "7")


@pytest.mark.parametrize(
    ("select", "written"),
    [
        (NO_COMMAS, CENTS),
        ("regexp_replace(total, '[^0-9]', '', 'g')", ("12.50 EUR", "8.95 EUR", "7.00 EUR")),
        ("replace(total, '.', '')", ("12.50", "8.95", "7.00")),
        (NO_COMMAS, ("1.234,50", "2.345,75", "3.456,10")),
    ],
    ids=["comma", "digits", "point", "both"],
)
def test_a_select_that_takes_the_sign_before_the_cents_away_stops_its_feed(
    orders: Folder, select: str, written: tuple[str, ...]
):
    rows = "".join(f'A{n},2026-09-01,"{text}"\n' for n, text in enumerate(written))
    orders.select = money_as(select)
    with pytest.raises(BrokenContract, match="reads 12,50 as 1250"):
        orders.write("t.csv", "id,day,total\n" + rows).land()


@pytest.mark.parametrize(
    ("select", "rows", "total"),
    [
        ("replace(replace(total, '.', ''), ',', '.')", [f'"{text}"' for text in CENTS], "1262.95"),
        (NO_COMMAS, ['"1,250.50"', "8.95", "7.00", '"2,000"'], "3266.45"),
        ("total::decimal(18,2) / 100", ["1250", "895", "700"], "28.45"),
        ("total::decimal(18,2) * 1000", ["12.5", "8.95", "7.25"], "28700"),
        # Two of many were written in another way.
        (NO_COMMAS, ["12.50", "8.95", "7.00", "6.10", '"1,50"', '"1,75"'], "359.55"),
    ],
    ids=["right", "thousands", "from-cents", "in-thousands", "a-few"],
)
def test_a_select_that_means_what_it_does_lands(
    orders: Folder, select: str, rows: list[str], total: str
):
    lines = "".join(f"A{n},2026-09-01,{row}\n" for n, row in enumerate(rows))
    orders.select = money_as(select)
    load = orders.write("t.csv", "id,day,total\n" + lines).land()
    assert sum(orders.rows(load, "amount_local")) == Decimal(total)


def test_hours_times_a_price_of_a_hundred_are_no_misread_cents(orders: Folder):
    rows = "".join(f"A{n},2026-09-01,100.00,{n + 1}.50\n" for n in range(5))
    orders.select = money_as("total::decimal(18,2) * hours::decimal(18,2)")
    load = orders.write("t.csv", "id,day,total,hours\n" + rows).land()
    assert sum(orders.rows(load, "amount_local")) == 1750
