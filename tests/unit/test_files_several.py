"""Files: of several files of a feed, one that cannot be used costs itself and is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.small_company import SmallCompany
from feed_files import ORDERS, SPEND, Folder
from trueup.errors import BrokenContract

HEAD = "day,campaign,impressions,clicks,cost\n"
GOOD = HEAD + "2026-09-01,a,10,1,1.50\n2026-09-02,b,20,2,2.50\n"
PAGE = "<!DOCTYPE html><html><body>Sign in to go on</body></html>\n"


@pytest.fixture
def spend(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "ad_performance", SPEND, "*.csv*")


@pytest.mark.parametrize("first", ["a.csv", "c.csv"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04" + b"\0" * 50, "an Excel workbook"),
        (GOOD.encode("utf-16-le"), "looks like UTF-16"),
        (bytes(range(128, 256)) * 9, "is not in the encoding utf-8"),
        (b"\x1f\x8b" + b"\0" * 50, "is not whole"),
    ],
    ids=["workbook", "utf-16", "no-text", "cut-archive"],
)
def test_a_file_that_cannot_be_read_costs_that_file(
    spend: Folder, capsys: pytest.CaptureFixture[str], first: str, content: bytes, says: str
):
    load = spend.write(first, GOOD).write("b.csv", content).land()
    assert load.control_totals == {"spend_amount_local": "4.000000"}
    assert spend.aside(load, "position", "reason", "kind", "is_lost") == [
        ("b.csv", "the file cannot be read", "unreadable", True)
    ]
    ((content,),) = spend.aside(load, "content")
    printed = capsys.readouterr().out
    assert says in content and says in printed and "next step" in printed


def test_a_feed_none_of_whose_files_can_be_used_fails_with_the_first_of_them(spend: Folder):
    spend.write("a.csv", b"PK\x03\x04" + b"\0" * 50).write("b.csv", PAGE)
    with pytest.raises(BrokenContract, match="a.csv is an Excel workbook.*next step"):
        spend.land()
    spend.write("b.csv", HEAD)
    with pytest.raises(BrokenContract, match="a.csv is an Excel workbook.*next step"):
        spend.land(empty_ok=True)


def test_the_lock_of_a_spreadsheet_is_no_file_of_the_feed(
    spend: Folder, capsys: pytest.CaptureFixture[str]
):
    load = spend.write("a.csv", GOOD).write("~$a.csv", b"\x05user" + b"\0" * 100).land()
    assert load.row_count == 2 and spend.aside(load) == []
    assert "feed till: ~$a.csv is the lock of a file" in capsys.readouterr().out


@pytest.mark.parametrize("content", [PAGE, "day,name,price\n"], ids=["page", "other-header"])
def test_a_file_without_a_row_whose_header_does_not_fit_is_counted(spend: Folder, content: str):
    load = spend.write("a.csv", GOOD).write("b.csv", content).write("c.csv", "").land()
    assert load.row_count == 2
    assert spend.aside(load) == [
        ("b.csv header", "the select does not run on this file", "unreadable")
    ]


@pytest.mark.parametrize("content", [PAGE, "PK\x03\x04"], ids=["page", "workbook"])
def test_the_gate_warns_of_a_file_that_is_not_used(tmp_path: Path, content: str):
    company = SmallCompany(tmp_path)
    rows = [f"2026-09-{day:02},{name},10,1,10.00" for day in range(1, 31) for name in "abc"]
    company.feed("maps", "ad_performance", SPEND, [HEAD.strip(), *rows], path="maps_*.csv")
    orders = [f"A{day},2026-09-{day:02},100" for day in range(1, 31)]
    company.feed("till", "orders", ORDERS, ["id,day,total", *orders])
    company.goal("sale", {"source": "files", "selector": "orders"})
    company.channels.append({"channel": "maps_ads", "is_paid": True, "platform": "maps"})
    company.write("maps_2.csv", content)
    landed = company.land()
    assert landed.code == 0 and "90 rows, 1 set aside" in landed.text, landed.text
    assert "gate landing/files: warn" in landed.text, landed.text


@pytest.mark.parametrize("name", ["Clicks", "CLICKS", "clicks"])
def test_a_header_in_another_case_is_the_same_header(spend: Folder, name: str):
    spend.write("a.csv", GOOD.replace("clicks", name).replace("day", "Day"))
    load = spend.land()
    assert spend.rows(load, "clicks") == [1, 2] and spend.aside(load) == []


def test_a_value_that_does_not_cast_is_found_under_a_name_in_another_case(spend: Folder):
    load = spend.write("a.csv", GOOD.replace("clicks", "Clicks").replace(",2,2.5", ",x,2.5")).land()
    assert spend.aside(load, "reason") == [("clicks is not BIGINT: like 'a'",)]


@pytest.mark.parametrize("content", [PAGE, b"PK\x03\x04" + b"\0" * 50, ""], ids=str)
def test_what_a_file_held_before_is_not_lost_with_it(spend: Folder, content: str | bytes):
    """The rows in force may be its own; a person says that they are to go."""
    spend.write("a.csv", GOOD).write("b.csv", GOOD.replace(",a,", ",c,").replace(",b,", ",d,"))
    assert spend.land().row_count == 4
    spend.write("b.csv", content or HEAD.replace("cost", "price") + "2026-09-01,c,1,1,1\n")
    with pytest.raises(BrokenContract, match="shrank; the earlier load stays.*--accept-empty"):
        spend.land()
    assert spend.land(accepted=True).row_count == 2


def test_a_file_that_never_had_a_row_keeps_no_other_from_landing_again(spend: Folder):
    spend.write("a.csv", GOOD).write("b.csv", PAGE).land()
    spend.write("a.csv", GOOD + "2026-09-03,b,1,1,1\n")
    assert spend.land().row_count == 3


def test_a_file_that_was_never_read_keeps_no_row_from_being_taken_out(spend: Folder):
    """A workbook beside the exports gave none of the rows in force."""
    spend.write("a.csv", GOOD).write("b.csv", GOOD.replace(",a,", ",c,")).write(
        "c.csv", "PK\x03\x04"
    )
    assert spend.land().row_count == 3
    spend.write("b.csv", HEAD + "2026-09-02,b,20,2,2.50\n")
    load = spend.land()
    assert load.row_count == 2 and load.lacking == ("feed till: the file c.csv cannot be used",)
