"""Files: orders that a restated export no longer holds are superseded where the feed says that each
file has every row of its days, and are named where it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder
from trueup.gates import intake_rows
from trueup.gates.findings import Finding
from trueup.gates.intake_rows import Subject
from trueup.gates.shares import Tolerance
from trueup.landing.store import Load
from trueup.sources.files import feeds

SUBJECT = Subject(
    "landing:files", "files.orders", "till", "trueup rejects files", Tolerance(), False,
    datetime(2026, 10, 1, tzinfo=UTC), money="amount_local",
)  # fmt: skip
HEAD = "id,day,total\n"
SPEND_HEAD = "day,campaign,impressions,clicks,cost\n"
#: Orders of a month, and the restated ones of its last week, two of which are gone.
MONTH = "".join(f"A{n},2026-09-{n:02},100\n" for n in range(1, 31))
WEEK = "".join(f"A{n},2026-09-{n:02},90\n" for n in range(24, 31) if n not in (26, 28))
USED = "used: orders (1).csv"


def restated(folder: Path, **feed: bool) -> Folder:
    orders = Folder(folder, "orders", ORDERS, feed=feed)
    return orders.write("orders.csv", HEAD + MONTH).write("orders (1).csv", HEAD + WEEK)


def found(orders: Folder, load: Load) -> list[Finding]:
    findings, held = intake_rows.findings(orders.landing, [load], SUBJECT)
    assert held == []
    return findings


def test_rows_that_a_later_file_no_longer_holds_are_superseded(tmp_path: Path):
    orders = restated(tmp_path, owns_days=True)
    load = orders.land()
    assert sum(orders.rows(load, "amount_local")) == 23 * 100 + 5 * 90
    kinds = {26: ("removed", ""), 28: ("removed", "")}
    aside = orders.aside(load, "position", "is_lost", "amount", "kind", "content")
    assert aside == [
        (f"orders.csv row {n}", False, Decimal(100), *kinds.get(n, ("superseded", USED)))
        for n in range(24, 31)
    ]
    assert sum(day.offered for day in load.days) == 35, "nothing vanishes from the accounts"
    assert any("2 row(s) of orders.csv, 200.00 EUR, are of days" in note for note in load.notes)


def test_rows_that_a_later_file_has_anew_are_no_fault_of_the_feed_s(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS, feed={"owns_days": True})
    orders.write("orders.csv", HEAD + MONTH)
    load = orders.write(
        "orders (1).csv", HEAD + WEEK + "A26,2026-09-26,1\nA28,2026-09-28,1\n"
    ).land()
    assert {one.verdict for one in found(orders, load)} == {"pass"}


def test_rows_that_it_no_longer_holds_warn_with_their_money(tmp_path: Path):
    orders = restated(tmp_path, owns_days=True)
    (finding,) = (one for one in found(orders, orders.land()) if one.verdict != "pass")
    assert (finding.check_name, finding.verdict) == ("rows removed", "warn")
    assert finding.observed.endswith(
        ": orders (1).csv has every row of 2026-09-24 to 2026-09-30, and not this one"
    )
    assert finding.how_much.endswith("200.00 EUR") and finding.affected_rows == 2


def test_a_file_that_owns_days_by_one_mistyped_date_is_held(tmp_path: Path):
    """The seventh order of the week is of 29 September, and says the second."""
    orders = restated(tmp_path, owns_days=True)
    load = orders.write("orders (1).csv", HEAD + WEEK + "A31,2026-09-02,90\n").land()
    findings, held = intake_rows.findings(orders.landing, [load], SUBJECT)
    (finding,) = (one for one in findings if one.check_name == "rows removed")
    assert (finding.verdict, held) == ("hold", [load.load_id])
    assert "has every row of 2026-09-02 to 2026-09-30, and not this one" in finding.observed


def test_without_the_option_they_count_and_the_load_says_so(tmp_path: Path):
    orders = restated(tmp_path)
    load = orders.land()
    assert sum(orders.rows(load, "amount_local")) == 25 * 100 + 5 * 90
    assert load.notes == (
        "2 row(s) of orders.csv, 200.00 EUR, are of days that orders (1).csv has too, which does"
        " not hold them: they count; if later files replace earlier ones, say `owns_days: true` of"
        " the feed, and `owns_days: false` if not",
    )
    (finding,) = (one for one in found(orders, load) if one.check_name == "rows of earlier files")
    assert (finding.verdict, finding.observed) == ("warn", load.notes[0])
    assert (finding.affected_rows, finding.affected_amount_local) == (2, Decimal(200))
    assert finding.currency_code == "EUR" and finding.runbook.endswith("#files-in-doubt")


@pytest.mark.parametrize(
    "week",
    [
        "".join(f"A{n},2026-09-{n:02},90\n" for n in range(24, 31)),
        "".join(f"A{n},2026-09-{n:02},90\n" for n in range(25, 31)) + "B24,2026-09-24,5\n",
    ],
    ids=["all-came-anew", "begins-within-a-day"],
)
def test_overlapping_exports_that_may_be_as_they_should_are_no_doubt(tmp_path: Path, week: str):
    orders = Folder(tmp_path, "orders", ORDERS).write("orders.csv", HEAD + MONTH)
    load = orders.write("orders (1).csv", HEAD + week).land()
    assert load.doubts == () and {one.verdict for one in found(orders, load)} <= {"pass", "warn"}
    assert all(
        one.check_name == "rows twice" for one in found(orders, load) if one.verdict == "warn"
    )


def test_rows_of_earlier_files_that_count_as_the_company_says_are_no_doubt(tmp_path: Path):
    load = restated(tmp_path, owns_days=False).land()
    assert load.doubts == () and load.notes[0].endswith("they count, as owns_days says")


def test_files_of_two_shops_are_no_restated_export(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS).write("lisbon.csv", HEAD + MONTH)
    assert orders.write("porto.csv", HEAD + MONTH.replace("A", "B")).land().notes == ()


def test_spend_of_a_campaign_that_is_gone_from_the_later_file_is_superseded(tmp_path: Path):
    spend = Folder(tmp_path, "ad_performance", SPEND, feed={"owns_days": True})
    spend.write(
        "a.csv", SPEND_HEAD + "2026-09-01,x,10,1,2\n2026-09-02,x,10,1,3\n2026-09-02,y,1,1,7\n"
    )
    load = spend.write("b.csv", SPEND_HEAD + "2026-09-02,x,10,1,4\n").land()
    assert sorted(spend.rows(load, "campaign_id", "ad_date", "spend_amount_local")) == [
        ("x", date(2026, 9, 1), 2), ("x", date(2026, 9, 2), 4)
    ]  # fmt: skip


def test_rows_without_money_are_told_of_as_well(tmp_path: Path):
    select = "select _row, id as lead_id, day as created_date from input"
    leads = Folder(tmp_path, "leads", select)
    leads.write("a.csv", HEAD + MONTH).write("b.csv", HEAD + WEEK)
    (note,) = leads.land().notes
    assert note.startswith("2 row(s) of a.csv are of days that b.csv has too")


def test_a_row_that_could_not_be_used_is_not_lost_where_a_later_file_owns_its_day(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS, feed={"owns_days": True})
    orders.write("a.csv", HEAD + "A1,2026-09-01,5 eur\n")
    load = orders.write("b.csv", HEAD + "A2,2026-09-01,6\n").land()
    assert orders.aside(load, "kind", "is_lost") == [("superseded", False)]


@pytest.mark.parametrize(("value", "is_fine"), [(True, True), (False, True), ("yes", False)])
def test_the_option_is_true_or_false(value: object, is_fine: bool):
    feed = {"name": "a", "stream": "orders", "path": "a.csv", "sql": "a.sql", "owns_days": value}
    assert (list(feeds.problems({"feeds": [feed]})) == []) is is_fine
