"""How much of a load may be set aside before it warns, and before it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trueup.gates import intake_rows, landing_gate, row_accounts, shares
from trueup.gates.findings import counted
from trueup.gates.intake_rows import Subject
from trueup.gates.landing_gate import Standard
from trueup.gates.shares import Part, Tolerance
from trueup.landing.manifest import DayAccount, Load, Outside
from trueup.landing.store import Landing, new_load_id
from trueup.sources.pages import AsideKind

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
DAY = date(2026, 9, 14)
SUBJECT = Subject(
    "landing/files", "files.orders", "till", "trueup rejects files", Tolerance(), False, AT
)


def part(rows: int, unused: int, money: object = None, unused_money: object = None) -> Part:
    amounts = [None if x is None else Decimal(str(x)) for x in (money, unused_money)]
    return Part(DAY, rows, unused, *amounts)


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ([part(100_000, 50)], "pass"),
        ([part(100_000, 500)], "warn"),
        ([part(100_000, 2_500)], "hold"),
        ([part(10_000, 2, 1_000_000, 500)], "pass"),
        ([part(10_000, 2, 1_000_000, 5_000)], "warn"),
        ([part(10_000, 9, 1_000_000, 50_000)], "hold"),
        ([part(99, 51, 1_000, 988)], "hold"),  # S1
        ([part(9, 1, 900, 100)], "warn"),  # a bad row costs the row
        ([part(9, 2, 900, 700)], "hold"),  # but not where it is most of the money
        ([part(3, 2)], "hold"),
        ([part(1, 1)], "hold"),
        ([part(0, 0)], "pass"),
        ([], "pass"),
    ],
)
def test_a_share_of_rows_or_money_warns_and_holds(parts: list[Part], outcome: str):
    assert shares.judge(parts, Tolerance()).outcome == outcome


def test_one_bad_day_holds_whatever_the_others_are():
    days = [replace(part(1_000, 0, 1_000, 0), day=DAY - timedelta(days=n)) for n in range(1, 300)]
    judged = shares.judge([*days, part(1_000, 40, 1_000, 40)], Tolerance())
    assert (judged.outcome, judged.since) == ("hold", DAY)
    assert judged.shares == "4.0% of a day's rows and 4.0% of its money"


def test_days_of_few_rows_are_judged_with_the_days_beside_them():
    """A shop with five orders a day does not stop for two bad rows, and does for a day that is
    lost, however long its history is. The first days of it are not judged by themselves either."""
    days = [replace(part(5, 0), day=DAY - timedelta(days=n)) for n in range(1, 93)]
    assert shares.judge([*days, part(5, 2)], Tolerance()).outcome == "warn"
    lost = shares.judge([*days, part(5, 5)], Tolerance())
    assert (lost.outcome, lost.row_share, lost.since) == ("hold", Decimal("0.1"), DAY)
    first = replace(part(5, 1), day=DAY - timedelta(days=93))
    assert shares.judge([first, *days], Tolerance()).outcome == "warn"


def test_the_company_says_how_much_is_too_much():
    lenient = Tolerance(Decimal("0.3"), Decimal("0.6"))
    assert [shares.judge([part(100, n)], lenient).outcome for n in (20, 50, 70)] == [
        "pass",
        "warn",
        "hold",
    ]


def test_the_money_of_refunds_beside_sales_is_compared_by_size():
    assert shares.judge([part(200, 100, 10, -500)], Tolerance()).money_share > Decimal("0.4")


def commit(
    landing: Landing, rows: Sequence[dict[str, Any]], offered: int = 1_000, **more: Any
) -> Load:
    """A load of `offered` rows and 10 a row, of which `rows` are set aside."""
    load_id = new_load_id(AT)
    unused = [row.get("amount", Decimal(10)) for row in rows]
    known = [amount for amount in unused if amount is not None]
    aside = sum(known, Decimal(0))
    load = Load(
        load_id=load_id, source="files", stream="orders", account="till", since=DAY,
        until=DAY + timedelta(days=1), row_count=offered - len(rows),
        days=(
            DayAccount(DAY, offered, offered - len(rows), len(rows),
                       Decimal(10) * (offered - len(rows)), aside),
        ),
        control_totals={}, columns={}, extra_columns=(), files=(), api_version="1",
        committed_at=AT, **more,
    )  # fmt: skip
    if rows:
        path = Path(landing.path(landing.set_aside_file(load)))
        path.parent.mkdir(parents=True, exist_ok=True)
        full = {"position": "orders.csv row 7", "content": "{}", "day": DAY, "is_lost": True}
        amounts = [{"amount": amount} for amount in unused]
        pq.write_table(
            pa.Table.from_pylist(
                [full | row | amount for row, amount in zip(rows, amounts, strict=True)]
            ),
            path,
        )
    landing.write_manifest(load)
    return load


def lost(count: int, reason: str = "impressions is not a number", **more: Any) -> list[dict]:
    return [{"reason": reason, "kind": "unreadable", **more}] * count


def test_a_load_with_too_much_set_aside_is_held_and_says_what_most_of_it_is(landing: Landing):
    good = commit(landing, lost(1))
    bad = commit(landing, [*lost(30), *lost(5, "ordered_date is not a day")])
    (finding,), held = intake_rows.findings(landing, [good, bad], SUBJECT)
    assert held == [bad.load_id]
    assert (finding.verdict, finding.where) == ("hold", "files.orders (till)")
    assert finding.observed == (
        "36 rows, 3.5% of a day's rows and 3.5% of its money: impressions is not a number (31 rows)"
    )
    assert (finding.since_date, finding.affected_amount_local) == (DAY, Decimal(360))
    assert finding.query == "trueup rejects files"


@pytest.mark.parametrize(
    ("rows", "offered", "found"),
    [
        (lost(1), 10_000, []),
        (lost(1), 9, [("rows lost", "warn")]),
        (lost(20, kind="duplicate", is_lost=False), 30, [("rows twice", "warn")]),
        (lost(1, kind="duplicate", is_lost=False), 10_000, []),
        (lost(1, kind="conflict", is_lost=False), 10_000, [("rows twice", "warn")]),
        (lost(600, kind="conflict"), 1_000, [("rows lost", "hold")]),
        (lost(600, kind="excluded"), 1_000, [("rows excluded", "warn")]),
        (lost(1, kind="excluded"), 10_000, []),
        (lost(2, kind="excluded"), 59, [("rows excluded", "warn")]),
    ],
)
def test_what_a_row_set_aside_counts_as(
    landing: Landing, rows: list[dict], offered: int, found: list[tuple[str, str]]
):
    findings, _ = intake_rows.findings(landing, [commit(landing, rows, offered)], SUBJECT)
    failed = [finding for finding in findings if finding.verdict != "pass"]
    assert [(finding.check_name, finding.verdict) for finding in failed] == found
    assert "rows lost" in {finding.check_name for finding in findings}, "judged, whatever it is"


def test_a_row_that_comes_again_as_a_rule_is_counted_and_one_that_differs_is_reported(
    landing: Landing,
):
    again = lost(20, kind="duplicate", is_lost=False)
    differs = lost(1, kind="conflict", is_lost=False)
    subject = replace(SUBJECT, repeats=True)
    for rows, found in ((again, []), ([*again, *differs], ["rows twice"])):
        load = commit(landing, rows, 30)
        assert load.set_aside_count == len(rows)
        findings, _ = intake_rows.findings(landing, [load], subject)
        assert [one.check_name for one in findings if one.verdict != "pass"] == found


@pytest.mark.parametrize(
    ("kind", "check", "is_share_said"),
    [("duplicate", "rows twice", False), ("conflict", "rows twice", True),
     ("excluded", "rows excluded", True), ("total", "totals left out", True)],
)  # fmt: skip
def test_rows_without_a_loss_warn_by_what_they_are(
    landing: Landing, kind: AsideKind, check: str, is_share_said: bool
):
    load = commit(landing, lost(30, kind=kind, is_lost=False), 60)
    (finding,) = (
        one for one in intake_rows.findings(landing, [load], SUBJECT)[0] if one.verdict != "pass"
    )
    assert (finding.check_name, finding.verdict) == (check, "warn")
    assert ("50.0% of a day's rows" in finding.observed) is is_share_said
    assert ("own select" in finding.why) is (kind == "excluded")


def test_what_a_vendor_did_not_answer_of_rows_that_landed_is_a_warning(landing: Landing):
    whole, part_of_it = commit(landing, []), commit(landing, [], lacking=("no totals of a day",))
    findings, held = intake_rows.findings(landing, [whole, part_of_it], SUBJECT)
    [failed] = [finding for finding in findings if finding.verdict != "pass"]
    assert (failed.verdict, failed.observed, held) == ("warn", "no totals of a day", [])
    assert failed.query == "trueup loads files"
    kept = {load.load_id: load.lacking for load in landing.loads("files", "orders")}
    assert kept == {whole.load_id: (), part_of_it.load_id: ("no totals of a day",)}


def test_a_witness_warns_and_never_holds(landing: Landing):
    witness = replace(SUBJECT, is_witness=True)
    (finding,), held = intake_rows.findings(landing, [commit(landing, lost(900))], witness)
    assert (finding.verdict, finding.severity, held) == ("warn", "warning", [])


@pytest.mark.parametrize(
    ("first", "last", "rows", "later", "verdict"),
    [
        (date(2026, 1, 1), date(2026, 8, 31), 500, 0, "warn"),  # a file longer than the history
        (date(2026, 1, 1), date(2062, 9, 1), 500, 1, "warn"),  # the same with a slip of the pen
        (date(2026, 3, 9), date(2026, 12, 9), 500, 130, "hold"),  # months read as days
        (DAY + timedelta(1), DAY + timedelta(2), 500, 500, "warn"),  # written the morning after
        (date(2026, 3, 9), date(2026, 12, 9), 2, 1, "warn"),
    ],
)
def test_rows_outside_the_days_asked_for_are_judged_by_where_they_lie(
    landing: Landing, first: date, last: date, rows: int, later: int, verdict: str
):
    outside = Outside(rows, first, last, None, later)
    load = commit(landing, [], offered=10 * rows, outside=outside)
    findings, held = intake_rows.findings(landing, [load], SUBJECT)
    outside = [finding for finding in findings if finding.check_name == "rows outside"]
    assert [finding.verdict for finding in outside] == ([] if verdict == "pass" else [verdict])
    assert held == ([load.load_id] if verdict == "hold" else [])
    side = {0: "before the history begins", rows: "later than the day that lands"}
    said = side.get(later, f"{counted(later)} of them later than the day that lands")
    assert all(one.observed.endswith(f"dated {first} to {last}, {said}") for one in outside)


def test_the_landing_gate_sets_aside_the_load_that_is_too_bad_and_no_other(landing: Landing):
    good, bad = commit(landing, []), commit(landing, lost(500))
    other_feed = replace(commit(landing, []), account="web")
    verdict = landing_gate.judge(
        Path("/nowhere"), landing, "files", [good, bad, other_feed], lambda *_: Standard()
    )
    assert (verdict.outcome, verdict.held_loads) == ("hold", (bad.load_id,))
    assert set(verdict.loads) == {good.load_id, bad.load_id, other_feed.load_id}
    assert "hold: files.orders (till): Rows cannot be used" in verdict.summary()
    assert "50.0% of its money: impressions is not a number" in verdict.summary()


def test_a_load_that_is_held_says_what_holds_it_and_not_what_holds_others(landing: Landing):
    till = commit(landing, lost(500))
    web = replace(commit(landing, lost(400)), account="web")
    verdict = landing_gate.judge(
        Path("/nowhere"), landing, "files", [till, web], lambda *_: Standard()
    )
    said = {load.account: landing_gate.why_held(load, verdict) for load in (till, web)}
    assert "(till)" in said["till"] and "(web)" in said["web"]
    assert "(web)" not in said["till"] and "(till)" not in said["web"]


ACCOUNTS = """
create schema if not exists health;
create or replace table health.fct_row_accounts as
select 'shopify' as source, 'orders' as stream, date '2026-09-01' as day, 300 as offered_rows,
    200 as superseded_rows, 3000.0::decimal(38, 6) as offered_money,
    2000.0::decimal(38, 6) as superseded_money, {is_witness} as is_witness,
    {waiting} as waiting_rows
union all
select 'shopify', 'orders', date '2026-09-02', 100, 0, 1000, 0, {is_witness}, 0;
create or replace table health.fct_set_aside as
select 'shopify' as source, 'orders' as stream, date '2026-09-01' as day, 1 as row_count,
    10::decimal(18, 6) as amount_local, 'no exchange rate for HUF' as reason, 'build' as set_by,
    true as is_lost, 'HUF' as currency_code
from range({lost})
union all
select 'shopify', 'orders', date '2026-09-02', 1, 10, 'unreadable', 'intake', true, 'EUR'
from range(50)
union all
select 'shopify', 'orders', date '2026-09-02', 1, 10, 'a test order', 'build', false, 'EUR'
from range(50)
union all
select 'shopify', 'orders', date '2026-09-02', 0, 10, 'no currency', 'build', true, 'EUR'
from range(50);
"""


def accounts(file: Path, lost: int, is_witness: bool = False, waiting: int = 0) -> Path:
    with duckdb.connect(str(file)) as con:
        con.execute(ACCOUNTS.format(lost=lost, is_witness=is_witness, waiting=waiting))
    return file


@pytest.mark.parametrize(
    ("lost", "is_witness", "published", "verdicts"),
    [
        (0, False, None, []),
        (1, False, None, ["warn"]),
        (9, False, None, ["hold"]),
        (9, True, None, ["warn"]),
        (9, False, 9, ["warn"]),  # readers see it already: somebody let it pass
        (9, False, 3, ["hold"]),
    ],
)
def test_what_no_mart_has_holds_until_it_is_published(
    tmp_path: Path, lost: int, is_witness: bool, published: int | None, verdicts: list[str]
):
    mart = tmp_path / "mart.duckdb"
    if published is not None:
        accounts(mart, published)
    build = accounts(tmp_path / "build.duckdb", lost, is_witness)
    with duckdb.connect(str(build), read_only=True) as con:
        findings = row_accounts.findings(con, mart, Tolerance(), AT)
    assert [finding.verdict for finding in findings] == verdicts
    for finding in findings:
        assert finding.where == "shopify.orders" and "no exchange rate for HUF" in finding.observed
        assert str(finding.since_date) == "2026-09-01"
        assert finding.how_much.endswith(f", {10 * lost}.00 HUF"), "the currency of those rows"


@pytest.mark.parametrize(("waiting", "observed"), [(20, []), (21, ["21 of 200 rows"])])
def test_many_rows_that_wait_for_their_day_warn(tmp_path: Path, waiting: int, observed: list[str]):
    """Of 400 rows that were offered, 200 are in force."""
    build = accounts(tmp_path / "build.duckdb", 0, waiting=waiting)
    with duckdb.connect(str(build), read_only=True) as con:
        findings = row_accounts.findings(con, tmp_path / "mart.duckdb", Tolerance(), AT)
    assert [one.observed for one in findings] == observed
    assert all((one.check_name, one.verdict) == ("rows waiting", "warn") for one in findings)


def test_what_no_mart_has_of_two_currencies_is_a_sum_for_each(tmp_path: Path):
    build = accounts(tmp_path / "build.duckdb", 2)
    with duckdb.connect(str(build)) as con:
        con.execute(
            "insert into health.fct_set_aside"
            " select * replace ('USD' as currency_code) from health.fct_set_aside limit 1"
        )
        (finding,) = row_accounts.findings(con, tmp_path / "mart.duckdb", Tolerance(), AT)
    assert ", 20.00 HUF, 10.00 USD: no exchange rate" in finding.observed
    assert finding.affected_amount_local is None
