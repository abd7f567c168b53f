"""Files: quotes and delimiters nobody meant cost their line, and notes of several lines land."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder

HEAD = "id,day,total,note\n"
GOOD = "A001,2026-09-01,10.00,x\nA002,2026-09-02,1204.50,\nA003,2026-09-03,5,\n"


@pytest.mark.parametrize(
    "odd",
    ["A011,2026-09-01,1,204.50,\n", "A011,2026-09-01,12,50,\n", 'A011,"2026-09-01",1,204.50,\n'],
)
def test_a_comma_within_an_amount_never_makes_it_another(orders: Folder, odd: str):
    load = orders.write("till.csv", HEAD + odd + GOOD).land()
    assert orders.rows(load, "amount_local") == [Decimal(10), Decimal("1204.5"), Decimal(5)]
    assert orders.aside(load, "position", "reason") == [("till.csv line 2", "too many columns")]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("A011,2026-09-01,1,204.50,,\n", "too many columns"),
        ("A011,2026-09-01\n", "missing columns"),
        ('A011,2026-09-01,1,"x,\n', "a quote is out of place"),
    ],
)
def test_a_delimiter_at_the_end_of_every_line_is_none_of_a_cell(
    orders: Folder, odd: str, reason: str
):
    load = orders.write("till.csv", HEAD + GOOD.replace("\n", ",\n") + odd).land()
    assert orders.rows(load, "amount_local") == [Decimal(10), Decimal("1204.5"), Decimal(5)]
    assert orders.aside(load, "position", "reason") == [("till.csv line 5", reason)]


def test_rows_that_are_all_shifted_by_a_comma_are_none_that_end_in_one(orders: Folder):
    """Every amount is written 1,204.50: where the note is empty, the line ends in a comma too."""
    shifted = "A001,2026-09-01,1,204.50,x\nA002,2026-09-02,1,310.00,\nA003,2026-09-03,2,5.00,\n"
    orders.write("a.csv", HEAD + shifted).write("b.csv", HEAD + GOOD)
    load = orders.land()
    assert orders.rows(load, "amount_local") == [Decimal(10), Decimal("1204.5"), Decimal(5)]
    assert orders.aside(load, "position", "reason") == [
        (f"a.csv line {n}", "too many columns") for n in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("lines", "landing"),
    [
        ('A033,2026-09-04,100.00,"Slim\nA040,2026-09-04,100.00,TV 32"\n', ["A040"]),
        ('"A033,2026-09-04,100.00,Slim\nA040",2026-09-04,100.00,TV 32\n', ['A040"']),
        ('A033,2026-09-04,"100.00,Slim\nA040,2026-09-04,7",TV 32\n', []),
        ('A033,2026-09-04,9,"Slim\nA040,2026-09-04,8,b\nA041,2026-09-04,7,32"\n', ["A040", "A041"]),
        ('A033,2026-09-04,9,"Slim\nA040,2026-09-04,1,204.50,TV 32"\n', []),
        ('A033,2026-09-04,9,"Slim\nA040,2026-09-04,8,"\n', []),
    ],
    ids=["two-rows", "first-column", "in-an-amount", "three-rows", "a-comma-more", "closed-empty"],
)  # fmt: skip
def test_two_stray_quotes_do_not_make_one_row_of_several(
    orders: Folder, lines: str, landing: list[str]
):
    load = orders.write("till.csv", HEAD + GOOD + lines + "A050,2026-09-05,1,\n").land()
    assert orders.rows(load, "order_id") == ["A001", "A002", "A003", *landing, "A050"]
    aside = orders.aside(load, "position", "reason")
    assert aside[0][0] == "till.csv line 5"
    assert len(aside) + len(landing) == lines.count("\n")


def test_two_stray_quotes_in_names_cost_the_line_the_first_is_in(tmp_path: Path):
    spend = Folder(tmp_path, "ad_performance", SPEND)
    lines = '2026-09-02,"Retro,10,1,5\n2026-09-03,TV 32",10,1,7\n2026-09-04,d,10,1,1.00\n'
    load = spend.write("s.csv", "day,campaign,impressions,clicks,cost\n" + lines).land()
    assert load.control_totals == {"spend_amount_local": "8.000000"}
    assert spend.aside(load, "position", "reason") == [("s.csv line 2", "a quote is not closed")]


def test_where_no_column_tells_rows_from_text_a_cell_of_whole_rows_is_none(tmp_path: Path):
    select = ORDERS.replace("day as", "'2026-09-0' || day as").replace("id as", "'A' || day as")
    orders = Folder(tmp_path, "orders", select)
    load = orders.write("t.csv", 'name,day,total\nana,1,"5\nben,2,6"\neva,3,7\n').land()
    assert orders.aside(load, "position", "reason") == [
        ("t.csv line 2", "a quote is not closed"),
        ("t.csv row 2", "amount_local is not DECIMAL(18,6): like '9\"'"),
    ]


@pytest.mark.parametrize(
    "note",
    [
        "two\nlines",
        "Dear all,\nthanks, Ana, for this, ever",
        "one\n2, and a half, of 3, please\n\nA012",
        "instead of\nA012, A013, A014, A015",
        "12, Back road\n2026-09-03, no answer\n2026-09-04, paid",
        'called ""Slim""\nTV 32"", black, 5, 6',
        "a,b,c,d\ne,f,g,h\ni,j,k,l",
    ],
)
@pytest.mark.parametrize("head", ["id,day,total,note", "note,id,day,total", "id,note,day,total"])
def test_a_note_of_several_lines_is_one_cell(orders: Folder, head: str, note: str):
    names = head.split(",")
    rows = [
        {"id": f"A{n:03}", "day": f"2026-09-{n:02}", "total": f"{n}.50", "note": f'"{note}"'}
        for n in range(1, 5)
    ]
    rows.append(rows[0] | {"id": "A005", "note": "x"})
    text = "".join(",".join(row[name] for name in names) + "\n" for row in rows)
    load = orders.write("till.csv", f"{head}\n{text}").land()
    assert orders.aside(load) == [] and load.row_count == 5
