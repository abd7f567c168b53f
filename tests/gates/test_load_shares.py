"""A load of several currencies is judged by the worst of them: sums of all hide the dear one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import ORDERS, Folder
from trueup.gates import intake_rows
from trueup.gates.findings import Finding
from trueup.gates.intake_rows import Subject
from trueup.gates.shares import Tolerance

SUBJECT = Subject(
    "landing:files", "files.orders", "till", "trueup rejects files", Tolerance(), False,
    datetime(2026, 10, 1, tzinfo=UTC), money="amount_local",
)  # fmt: skip
#: Per day, so that a day has rows enough for a share.
YEN = [f"J{day}-{n},2026-09-{day:02},20000,JPY" for day in range(1, 31) for n in range(160)]
EURO = [f"E{n},2026-09-{n + 1:02},1000,EUR" for n in range(16)]


def lost_of(folder: Path, *rows: str) -> tuple[Finding, list[str]]:
    """The finding of rows lost of a feed of two currencies."""
    select = ORDERS.replace("'EUR' as", "currency as")
    orders = Folder(folder, "orders", select)
    content = "\n".join(["id,day,total,currency", *YEN, *EURO, *rows]) + "\n"
    load = orders.write("till.csv", content).land()
    findings, held = intake_rows.findings(orders.landing, [load], SUBJECT)
    (finding,) = [one for one in findings if one.check_name == "rows lost"]
    return finding, held


@pytest.mark.parametrize(
    ("wrong", "share"),
    [
        ([f'U{n},2026-09-05,"10,000.00",EUR' for n in range(4)], "97.6%"),
        ([f"U{n},2026-09-05,-10000,EUR" for n in range(4)], "97.6%"),
    ],
    ids=["no-number", "against-a-rule"],
)
def test_most_of_what_was_sold_in_euro_is_lost_however_many_yen_there_are(
    tmp_path: Path, wrong: list[str], share: str
):
    finding, held = lost_of(tmp_path, *wrong)
    assert finding.verdict == "hold" and len(held) == 1
    assert f"2.4% of a day's rows and {share} of its money" in finding.observed
    assert abs(finding.affected_amount_local or 0) == Decimal(40_000)
    assert finding.how_much.endswith("40,000.00 EUR")


def test_rows_of_one_key_that_differ_are_named_before_those_that_repeat_one(tmp_path: Path):
    """One order twice with other amounts is an error of either; one that comes again is none."""
    orders = Folder(tmp_path, "orders", ORDERS.replace("'EUR' as", "currency as"))
    rows = ["A1,2026-09-01,98,EUR"] * 3 + ["A2,2026-09-01,49,EUR", "A2,2026-09-01,9,EUR"]
    content = "\n".join(["id,day,total,currency", *YEN, *rows]) + "\n"
    load = orders.write("till.csv", content).land()
    findings, _ = intake_rows.findings(orders.landing, [load], SUBJECT)
    (finding,) = [one for one in findings if one.check_name == "rows twice"]
    said = "3 rows, 1.8% of a day's rows and 69.6% of its money: 1 row unlike the one that is used"
    assert f"{said} (49.00 EUR; used 9.00 EUR), the same row as another (2 rows)" in (
        finding.observed
    )
    assert finding.how_much.endswith(", 245.00 EUR")


def test_a_few_yen_lost_beside_euros_are_as_few_as_they_are(tmp_path: Path):
    """Yen are many to the euro; of the yen they are 1.8 percent."""
    finding, held = lost_of(tmp_path, *[f"K{n},2026-09-05,20000 y,JPY" for n in range(3)])
    assert (finding.verdict, held) == ("warn", [])
    assert "1.8% of a day's rows and 1.8% of its money" in finding.observed


def test_one_row_is_a_bad_row_s_cost_in_any_currency(tmp_path: Path):
    finding, held = lost_of(tmp_path, 'U1,2026-09-05,"90,000.00",EUR')
    assert (finding.verdict, held) == ("warn", [])


def test_amounts_lost_in_two_currencies_are_not_summed(tmp_path: Path):
    rows = [f"U{n},2026-09-05,{n} a,{code}" for n in range(1, 4) for code in ("EUR", "JPY")]
    finding, _ = lost_of(tmp_path, *rows)
    assert finding.affected_amount_local is None
    assert "of its money, 6.00 EUR, 6.00 JPY: amount_local is not" in finding.observed


def test_amounts_dated_outside_in_two_currencies_are_not_summed(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS.replace("'EUR' as", "currency as"))
    rows = [f"U{n},2026-08-05,{n},{code}" for n in range(1, 4) for code in ("EUR", "JPY")]
    content = "\n".join(["id,day,total,currency", *YEN, *rows]) + "\n"
    load = orders.write("till.csv", content).land()
    findings, _ = intake_rows.findings(orders.landing, [load], SUBJECT)
    (finding,) = [one for one in findings if one.check_name == "rows outside"]
    assert finding.affected_amount_local is None
    assert "6.00 EUR, 6.00 JPY: dated 2026-08-05 to" in finding.observed


def test_a_row_that_cannot_be_dated_is_measured_by_the_money_of_all_days(tmp_path: Path):
    """One order whose day is not known is no day's whole money."""
    orders = Folder(tmp_path, "orders", ORDERS)
    rows = [f"A{n},2026-09-05,100" for n in range(20)]
    content = "\n".join(["id,day,total", *rows, "U1,some day,300"]) + "\n"
    load = orders.write("till.csv", content).land()
    findings, held = intake_rows.findings(orders.landing, [load], SUBJECT)
    (finding,) = [one for one in findings if one.check_name == "rows lost"]
    assert (finding.verdict, held) == ("warn", [])
    assert "4.8% of a day's rows and 13.0% of its money" in finding.observed
