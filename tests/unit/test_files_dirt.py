"""Files as people export them: what is odd costs its line, and what it costs is known."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from feed_files import Folder
from trueup.errors import BrokenContract

HEAD = "day,campaign,impressions,clicks,cost\n"
GOOD = "2026-09-01,a,10,1,1.50\n2026-09-02,b,20,2,2.50\n"


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
        ("\ufeff\ufeff\u200b" + HEAD.replace("day", "day\u00a0") + GOOD, {}),
        (HEAD + '"=""2026-09-01""",a,"=""10""",1,"=""4.00"""\n2026-09-02,b,20,2,0\n', {}),
    ],
    ids=["bom", "crlf", "cr", "mixed-ends", "semicolon", "tab", "utf-16", "accent", "latin-1",
         "windows", "title-lines", "blank-lines", "no-last-end", "trailing-comma",
         "quoted-newline", "doubled-quote", "inch-mark", "escaped-quote", "dashes", "short-line",
         "unseen-in-names", "formulas"],
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
        ("2026-09-03,c,-1,1,9\n", "breaks the rule: Counts below zero are a broken file", 3),
        ("2026-09-03,c,1,1,1e20\n", "spend_amount_local is not DECIMAL(18,6): like '9a9'", 3),
        ("2026-09-03,c,1,1,nan\n", "spend_amount_local is not DECIMAL(18,6): like 'a'", 3),
        ("2026-09-03,c,1,1,12_5\n", "spend_amount_local is not DECIMAL(18,6): like '9_9'", 3),
        ("2026-09-03,c,2026_09,1,9\n", "impressions is not BIGINT: like '9_9'", 3),
        ("2026-09-03,c,1,0x1F,9\n", "clicks is not BIGINT: like '9a9a'", 3),
        ("2026-09-03,c,1,0b11,9\n", "clicks is not BIGINT: like '9a9'", 3),
    ],
    ids=["open-quote", "stray-quote", "comma-in-name", "cut-line", "zero-bytes", "zero-byte",
         "spreadsheet-day", "day-first", "compact-day", "no-such-day", "credit", "negative-count",
         "exponent", "nan", "underscore", "underscored-count", "hexadecimal", "binary"],
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


def test_an_id_that_is_an_e_mail_address_is_set_aside_unseen(orders: Folder):
    load = orders.write("t.csv", "id,day,total\nana@x.pt,2026-09-01,5\nA2,2026-09-01,1\n").land()
    ((reason, content),) = orders.aside(load, "reason", "content")
    assert (
        reason
        == "breaks the rule: An id that reads as an e-mail address must be hashed by the feed's SQL"
    )
    assert "@" not in content


def test_an_e_mail_address_is_removed_from_a_row_set_aside_however_long(orders: Folder):
    address = f"{'a' * 200}@{'b' * 300}.pt"
    load = orders.write("t.csv", f"id,day,total\n{address},noon,5\nA2,2026-09-01,1\n").land()
    ((content,),) = orders.aside(load, "content")
    assert "removed" in content and "aa" not in content and "bb" not in content


def test_what_an_order_gives_back_is_no_order(orders: Folder):
    load = orders.write("t.csv", "id,day,total\nA1,2026-09-01,-5\nA2,2026-09-01,1\n").land()
    assert orders.aside(load, "reason", "amount") == [
        ("breaks the rule: An order takes no money away; what was given back is a refund", -5)
    ]


def test_a_line_of_data_is_not_taken_for_the_header(spend: Folder):
    """A name with commas makes it the widest line, and one cell of it stands in the select."""
    wrong = HEAD.replace("cost", "spent") + GOOD + "2026-09-03,EUR,a b,1,1,9,,,,\n"
    with pytest.raises(BrokenContract, match="may have been renamed") as caught:
        spend.write("spend.csv", wrong).land()
    assert "looks like the header" not in str(caught.value)


@pytest.mark.parametrize(
    ("row", "reason", "helps"),
    [
        ("03/09/2026,c,1,1,9", "ad_date is not DATE: like '9/9/9'", "'%d/%m/%Y %H:%M'"),
        ("46266,c,1,1,9", "ad_date is not DATE: like '9'", "date '1899-12-30' + day::integer"),
        ("2026-09-03 10:00 CEST,c,1,1,9", "ad_date is not DATE: like '9-9-9 9:9 a'", "%I:%M %p"),
        ("3 Sep 2026,c,1,1,9", "ad_date is not DATE: like '9 a 9'", "'%b %d, %Y'"),
        ("2026-09-03,c,1,1,€ 9.00", "spend_amount_local is not DECIMAL(18,6): like '€ 9.9'",
         "english_number and continental_number"),
    ],
    ids=["day-first", "spreadsheet-day", "zone-of-letters", "month-by-name", "sign"],
)  # fmt: skip
def test_a_feed_without_a_usable_row_names_the_commonest_reason_and_what_helps(
    spend: Folder, row: str, reason: str, helps: str
):
    with pytest.raises(BrokenContract, match="not one usable row in 1 file.s.") as caught:
        spend.write("spend.csv", HEAD + f"{row}\n" * 3 + "2026-09-03,c,1,1,n\n").land()
    assert f"got: {reason}" in str(caught.value) and helps in str(caught.value)


@pytest.mark.parametrize(
    ("sql", "got"),
    [
        ("{select}; create table kept as select 1 as x", "select, create"),
        ("drop table if exists input", "drop"),
        ("-- nothing yet", "no statement"),
    ],
    ids=["two", "another", "none"],
)
def test_a_feed_has_one_select(spend: Folder, sql: str, got: str):
    """Feeds share a database: what a second statement makes would be there for the next file."""
    spend.select = sql.format(select=spend.select)
    with pytest.raises(BrokenContract, match=f"no single select; .*got: {got}; .*macros"):
        spend.write("spend.csv", HEAD + GOOD).land()


def test_a_select_may_end_as_scripts_do(spend: Folder):
    spend.select += "; -- all of it\n"
    assert spend.write("spend.csv", HEAD + GOOD).land().row_count == 2


def test_columns_of_other_names_are_answered_with_those_that_were_meant(spend: Folder):
    spend.select = spend.select.replace("cost as spend_amount_local", "cost as spend_amount")
    with pytest.raises(BrokenContract, match="did you mean spend_amount_local by spend_amount"):
        spend.write("spend.csv", HEAD + GOOD).land()


def test_a_row_the_select_excludes_is_no_loss(spend: Folder):
    spend.select = spend.select.replace(
        "_row,", "_row, case when campaign = 'b' then 'a test' end as reject_reason,"
    )
    load = spend.write("spend.csv", HEAD + GOOD).land()
    assert spend.aside(load, "reason", "kind", "is_lost") == [("a test", "excluded", False)]
