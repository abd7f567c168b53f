"""Files: one that is lost in most of its rows, cut off or empty is named, however small its share
of a feed with many files is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.small_company import SmallCompany
from feed_files import ORDERS, Folder
from trueup.gates import intake_rows
from trueup.gates.findings import Finding
from trueup.gates.intake_rows import Subject
from trueup.gates.shares import Tolerance
from trueup.landing import described
from trueup.landing.store import Load

SUBJECT = Subject(
    "landing:files", "files.orders", "till", "trueup rejects files", Tolerance(), False,
    datetime(2026, 10, 1, tzinfo=UTC), money="amount_local",
)  # fmt: skip
HEAD = "id,day,total\n"
MANY = HEAD + "".join(f"A{day}-{n},2026-09-{day:02},1\n" for day in range(1, 31) for n in range(60))


@pytest.fixture
def orders(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "orders", ORDERS).write("a.csv", MANY)


def of_files(orders: Folder, load: Load, check: str = "files lost") -> list[Finding]:
    findings, held = intake_rows.findings(orders.landing, [load], SUBJECT)
    assert held == []
    return [one for one in findings if one.check_name == check]


def test_a_file_most_of_whose_rows_are_dated_before_the_history_is_named(orders: Folder):
    """Month and day changed places: some land on wrong days, most nowhere."""
    wrong = "".join(f"B{n},2026-0{n},10\n" for n in ("1-09", "2-09", "3-09", "4-09", "9-09"))
    (finding,) = of_files(orders, orders.write("b.csv", HEAD + wrong).land())
    assert finding.verdict == "warn" and finding.affected_rows == 4
    assert finding.observed == (
        "b.csv: 4 of 5 rows are not used: ordered_date lies outside the window"
    )


def test_a_file_with_a_column_renamed_is_named_with_the_column(orders: Folder):
    renamed = "id,day,betrag\n" + "".join(f"B{n},2026-09-30,10\n" for n in range(13))
    load = orders.write("b.csv", renamed).land()
    (finding,) = of_files(orders, load)
    assert finding.observed.startswith("b.csv: 13 of 13 rows are not used: the select does not run")
    assert load.lacking == ("feed till: the file b.csv cannot be used: it has no column total",)


def test_no_file_is_named_where_a_row_of_it_is_wrong_or_it_is_older_than_the_history(
    orders: Folder,
):
    orders.write("b.csv", HEAD + "B1,2026-09-30,x\nB2,2026-09-30,10\n")
    orders.write("c.csv", HEAD + "".join(f"C{n},2025-09-30,10\n" for n in range(9)))
    assert of_files(orders, orders.land()) == []


@pytest.mark.parametrize(("end", "is_cut"), [("B2,2026-0", True), ("B2,2026-0\n", False)])
def test_a_file_that_ends_within_its_last_row_is_told_of(orders: Folder, end: str, is_cut: bool):
    load = orders.write("b.csv", HEAD + "B1,2026-09-30,10\n" + end).land()
    said = "feed till: b.csv line 3 has no end: the file was cut off there, and what it held"
    assert any(note.startswith(said) for note in load.notes) is is_cut
    reason = "the file ends within this row" if is_cut else "missing columns"
    assert orders.aside(load, "reason") == [(reason,)]
    found = of_files(orders, load, "files cut off")
    assert [(one.verdict, one.observed.startswith(said)) for one in found] == [
        ("warn", True)
    ] * is_cut


def test_files_without_a_row_are_told_of_the_last_one_first(orders: Folder):
    load = orders.write("b.csv", "").write("c.csv", HEAD).land()
    (note,) = load.notes
    assert note.startswith("feed till: no row in c.csv (the feed's last file), b.csv; export it")
    (finding,) = of_files(orders, load, "files empty")
    assert finding.verdict == "warn" and finding.observed == note


@pytest.mark.parametrize("allowed", [{"empty_ok": True}, {"accepted": True}, {}])
def test_no_file_without_a_row_is_doubted_where_that_is_allowed_or_rows_came_since(
    orders: Folder, allowed: dict[str, bool]
):
    last = HEAD if allowed else HEAD + "C1,2026-09-30,10\n"
    load = orders.write("b.csv", "").write("c.csv", last).land(**allowed)
    assert "no row in" in load.notes[0] and of_files(orders, load, "files empty") == []


def test_status_and_the_landing_name_what_is_doubted_of_a_file(tmp_path: Path):
    company = SmallCompany(tmp_path)
    rows = [f"A{n},2026-09-{n:02},100" for n in range(1, 31)]
    company.feed("till", "orders", ORDERS, ["id,day,total", *rows], path="till_orders*.csv")
    company.write("till_orders_2.csv", "id,day,total\nB1,2026-09-30,10\nB2,2026-0")
    company.goal("sale", {"source": "files", "selector": "orders"})
    landed, status = company.land(), company.run("status")
    for said in (landed.text, status.text):
        assert "till_orders_2.csv line 3 has no end" in said and "A file ends within a row" in said


def test_rejects_lists_what_was_lost_first_and_counts_rows_that_others_stand_for(tmp_path: Path):
    company = SmallCompany(tmp_path)
    rows = [f"A{n},2026-09-{n:02},100" for n in range(1, 31)]
    wrong = ["B1,2026-09-30,5 eur", "B2,2026-09-30,70 eur"]
    company.feed("till", "orders", ORDERS, ["id,day,total", *rows, *rows[:9], *wrong])
    company.goal("sale", {"source": "files", "selector": "orders"})
    company.land()
    lines = company.run("rejects", "files").text.splitlines()
    listed = [line for line in lines if line.startswith("files.orders till: ")]
    assert [line.split(": ")[1] for line in listed[:2]] == [
        "till_orders.csv row 41", "till_orders.csv row 40"
    ]  # fmt: skip
    assert len(listed) == 8 and listed[-1].endswith(": 4 more rows that another stands for")


def test_rejects_sorts_by_worth_and_counts_what_is_beyond_its_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The yen has no fixed rate: 90,000 of them say nothing beside euros."""
    company = SmallCompany(tmp_path, fixed_rates={"HUF": 400})
    select = ORDERS.replace("'EUR' as currency_code", "code as currency_code")
    wrong = ["B1,2026-09-30,5 x,EUR", "B2,2026-09-30,4000 x,HUF", "B3,2026-09-30,90000 x,JPY"]
    rows = [f"A{n},2026-09-{n:02},100,EUR" for n in range(1, 31)]
    company.feed("till", "orders", select, ["id,day,total,code", *rows, *wrong])
    company.goal("sale", {"source": "files", "selector": "orders"})
    company.land()

    def listed(*words: str) -> list[str]:
        lines = company.run("rejects", "files", *words).text.splitlines()
        return [
            line.split(": ")[1] for line in lines if line.startswith("[load") or "till: " in line
        ]

    assert listed() == [f"till_orders.csv row {n}" for n in (32, 31, 33)]
    monkeypatch.setattr(described, "LISTED", 1)
    assert listed() == ["till_orders.csv row 32", "2 more rows (`--all` lists them)"]
    assert len(listed("--all")) == 3
