"""What a person sees: trouble first, and no word that all is well above it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from trueup import corrections, pipeline
from trueup.__main__ import main
from trueup.alerts import incident_files, lifecycle
from trueup.alerts.incidents import Notice
from trueup.company import unlisted_feeds, workspace
from trueup.company.workspace import Workspace
from trueup.errors import TrueupError
from trueup.gates import not_landed, verdicts
from trueup.gates.findings import Finding, Outcome, Verdict
from trueup.landing.landed import NotLanded
from trueup.landing.manifest import DayAccount, Load, Refusal
from trueup.reports import status

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
DAY = date(2026, 9, 14)
ALL_WELL = "Every source has landed the newest day."

MART = """
create schema marts; create schema health;
create table health.fct_build as
    select 'EUR' as reporting_currency, date '2026-09-13' as history_start_date,
        date '2026-09-14' as through_date;
create table marts.fct_channel_daily as
    select 'paid_search' as channel, date '2026-09-14' as report_date, 10.0 as spend_amount,
        30.0 as claimed_amount, 20.0 as ga4_amount, 25.0 as reconciled_revenue_amount;
create table marts.fct_platform_claims (
    goal varchar, platform varchar, claimed_amount decimal(18, 6), is_headline boolean,
    claim_date date default date '2026-09-14');
create table marts.fct_ledger_entries (
    goal varchar, amount decimal(18, 6), entry_date date default date '2026-09-14');
create table health.fct_freshness (
    source varchar, stream varchar, account_id varchar, landed_through date, is_stale boolean);
create table health.fct_missing_days (
    source varchar, stream varchar, account_id varchar, first_date date, last_date date,
    day_count integer);
create table health.fct_set_aside (
    source varchar, stream varchar, reason varchar, amount_local decimal(18, 6), row_count bigint,
    is_lost boolean default false, currency_code varchar);
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The demo company, with a published mart in which all is well."""
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_COMPANY", str(ROOT / "company.yml"))
    found = workspace.current()
    found.state.folder.mkdir()
    with duckdb.connect(str(found.state.mart)) as con:
        con.execute(MART)
    return found


def say(work: Workspace, sql: str) -> None:
    with duckdb.connect(str(work.state.mart)) as con:
        con.execute(sql)


def judged(work: Workspace, gate: str, outcome: Outcome, count: int = 1) -> None:
    findings = tuple(
        Finding(gate, f"check {n}", "fct_spend", "critical", outcome, AT, observed=f"{n + 1} rows")
        for n in range(count)
    )
    verdicts.keep(work.state.gates, Verdict(gate, findings, AT))


def test_the_table_is_headed_by_the_days_the_mart_covers(work: Workspace):
    with duckdb.connect(str(work.state.mart)) as con:
        con.execute("update health.fct_build set through_date = date '2026-09-20'")
    assert "2026-09-13 to 2026-09-20, EUR" in status.render(work)


def test_money_of_before_the_history_is_in_no_sum_and_is_named(work: Workspace):
    assert "before the history" not in status.render(work)
    say(
        work,
        """
        insert into marts.fct_channel_daily values
            ('direct', date '2026-06-02', null, null, 0, 50);
        insert into marts.fct_ledger_entries values
            ('sale', 20, '2026-09-13'), ('sale', 700, '2026-09-12'), ('sale', -200, '2026-06-02');
        insert into marts.fct_platform_claims values
            ('sale', 'one', 9, true, '2026-09-13'), ('sale', 'two', 13, true, '2026-09-13');
        """,
    )
    report = status.render(work)
    assert "2026-09-13 to 2026-09-14, EUR" in report
    assert "direct" not in report
    assert "the claims together exceed the 20.00 that came in: 110%" in report
    assert (
        "    not in it: 500.00 EUR of 2 entries of the ledger from 2026-06-02 on,"
        " before the history begins"
    ) in report


def test_where_all_is_well_it_says_so(work: Workspace):
    judged(work, "mart", "pass", 20)
    judged(work, "landing/ga4", "pass", 4)
    report = status.render(work)
    assert report.startswith(f"gates that pass: ga4, mart (24 checks)\n{ALL_WELL}\n")
    assert "paid_search" in report and "2026-09-13 to 2026-09-14, EUR" in report
    assert "OPEN" not in report


def test_open_incidents_come_first_and_nothing_is_said_to_be_well(work: Workspace):
    notice = Notice("c", "hold", "mart", "Spend is never negative", "fct_spend.spend", "", "3 rows")
    incident_files.write(work.state.incidents, lifecycle.met(None, notice, AT))
    report = status.render(work)
    assert report.startswith(
        "OPEN since 2026-09-15 06:00Z: hold: fct_spend.spend: Spend is never negative (3 rows)"
    )
    assert ALL_WELL not in report


def test_open_incidents_are_listed_worst_first(work: Workspace, capsys):
    """By whether they page, then by money, then by age."""
    opened = [("old", "warn", None), ("cheap", "warn", "5"), ("dear", "warn", "-70"),
              ("page", "hold", None), ("new", "warn", None)]  # fmt: skip
    for hours, (cause, kind, money) in enumerate(opened):
        notice = Notice(cause, kind, "mart", "Broken", cause, amount=Decimal(money or 0))
        at = AT + timedelta(hours=hours)
        incident_files.write(work.state.incidents, lifecycle.met(None, notice, at))
    worst_first = ["page", "dear", "cheap", "old", "new"]
    lines = status.render(work).splitlines()[: len(opened)]
    assert [line.split(": ")[2] for line in lines] == worst_first
    main(["incidents"])
    listed = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(": ")[1] for line in listed[: len(opened)]] == worst_first


def test_the_reasons_of_a_verdict_are_named_and_the_rest_counted(work: Workspace):
    judged(work, "mart", "hold", 7)
    lines = status.render(work).splitlines()
    assert lines[0] == "gate mart: hold (7 checks)"
    assert lines[1:6] == [f"    hold: fct_spend: check {n} ({n + 1} rows)" for n in range(5)]
    assert lines[6].startswith("    and 2 more; ")


def test_rows_set_aside_are_shown_by_stream_with_the_top_reason(work: Workspace):
    say(
        work,
        "insert into health.fct_set_aside (source, stream, reason, amount_local, row_count) values"
        " ('shopify', 'orders', 'staff', 40, 2), ('shopify', 'orders', 'a test order', 5, 9),"
        " ('ga4', 'events', 'no currency', null, 1)",
    )
    report = status.render(work)
    assert "aside: shopify.orders: 11 rows without a loss, 45.00: a test order (9 rows)" in report
    assert "aside: ga4.events: 1 row without a loss: no currency" in report


def test_money_of_two_currencies_and_fates_is_never_added(work: Workspace):
    say(
        work,
        "insert into health.fct_set_aside values"
        " ('files', 'orders', 'the same as another', 60, 1, false, 'EUR'),"
        " ('files', 'orders', 'no exchange rate for GBP', 100, 1, true, 'GBP'),"
        " ('files', 'orders', 'no exchange rate for CHF', 7, 1, true, 'CHF')",
    )
    report = status.render(work)
    assert "files.orders: 2 rows lost, 7.00 CHF, 100.00 GBP: no exchange rate for" in report
    assert "files.orders: 1 row without a loss, 60.00 EUR: the same as another" in report
    assert report.index("rows lost") < report.index("without a loss")


def test_money_of_no_goal_is_in_the_sum_that_claims_are_compared_with_and_is_named(work: Workspace):
    say(
        work,
        """
        insert into marts.fct_ledger_entries (goal, amount)
            values ('sale', 1241), ('(unmapped)', -25);
        insert into marts.fct_platform_claims (goal, platform, claimed_amount, is_headline) values
            ('sale', 'one', 900, true), ('sale', 'two', 1300, true), ('sale', 'two', 7, false);
        """,
    )
    report = status.render(work)
    assert "sale: one 900.00 + two 1,300.00 = 2,200.00" in report
    assert "exceed the 1,241.00 that came in: 177%" in report
    assert "exceed the 1,216.00 that came in: 181%" in report
    assert "-25.00 of all that came in is of no goal" in report


def test_rejects_lists_what_the_build_left_out_too(
    work: Workspace, capsys: pytest.CaptureFixture[str]
):
    assert main(["rejects"]) == 0  # a mart of before it said so
    say(
        work,
        """
        drop table health.fct_set_aside;
        create table health.fct_set_aside as select * from (values
            ('files', 'orders', 'shop', 'shop:A21', 'no exchange rate for GBP', 'no rate',
                date '2026-09-14', 100.0::decimal(38,6), 'GBP', true, 1, 'build'),
            ('ga4', 'events', '', 'e1', 'twice', 'duplicate', null, null, null, false, 1, 'build'),
            ('files', 'orders', 'shop', 'row 2', 'unreadable', 'unreadable',
                null, null, null, true, 1, 'intake')
        ) as found (source, stream, account_id, position_or_record, reason, kind, day,
            amount_local, currency_code, is_lost, row_count, set_by)
        """,
    )
    capsys.readouterr()
    assert main(["rejects"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "[left out by the build] files.orders shop: shop:A21: no exchange rate for GBP"
        " (no rate, 2026-09-14, 100 GBP)",
        "[left out by the build] ga4.events: e1: twice (duplicate, without a loss)",
    ]
    assert main(["rejects", "ga4"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_claimed_roas_is_of_the_spend_of_days_whose_claims_are_known(work: Workspace):
    say(
        work,
        "insert into marts.fct_channel_daily values"
        " ('paid_search', date '2026-09-13', 90, null, 0, 25)",
    )
    row = next(line for line in status.render(work).splitlines() if "paid_search" in line)
    assert row.split() == ["paid_search", "100.00", "30.00", "20.00", "50.00", "3.00", "0.50"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "insert into health.fct_freshness values ('ga4', 'events', '1', '2026-09-12', true)",
            "STALE: ga4 (1) has landed through 2026-09-12",
        ),
        (
            "insert into health.fct_freshness values ('meta_ads', 'ads', 'a2', null, true)",
            "STALE: meta_ads (a2) has never landed",
        ),
        (
            "insert into health.fct_missing_days values"
            " ('meta_ads', 'ads', 'a2', '2026-09-02', '2026-09-03', 2)",
            "MISSING: meta_ads (a2): ads from 2026-09-02 to 2026-09-03",
        ),
    ],
)
def test_what_is_missing_is_named(work: Workspace, sql: str, said: str):
    say(work, sql)
    report = status.render(work)
    assert said in report and ALL_WELL not in report


def commit(work: Workspace, load_id: str, at: datetime) -> Load:
    load = Load(
        load_id=load_id, source="shopify", stream="orders", account="a", since=DAY,
        until=DAY + timedelta(days=1), row_count=5,
        days=(DayAccount(DAY, 5, 5, 0, Decimal(1), Decimal(0)),), control_totals={}, columns={},
        extra_columns=(), files=(), api_version="1", committed_at=at,
    )  # fmt: skip
    work.landing.write_manifest(load)
    return load


def test_check_names_an_account_that_is_listed_no_more(work: Workspace):
    """Nobody waits for its days, so that one taken out by mistake would be missed by nobody."""
    assert list(unlisted_feeds.lines(work)) == []
    commit(work, "20260915T060000000000-aaaaaaaa", AT)
    (line,) = unlisted_feeds.lines(work)
    assert line.startswith("shopify a is not listed: the 5 rows it landed stay in force")


def test_loads_set_aside_or_refused_are_shown_until_their_days_land(work: Workspace):
    first = commit(work, "20260915T060000000000-aaaaaaaa", AT)
    work.landing.reject(first.load_id, "51 rows are lost", AT)
    work.landing.refuse(
        Refusal("20260915T060100000000-cccccccc", "shopify", "transactions", "a", DAY,
                DAY + timedelta(days=1), "column amount is gone", AT)
    )  # fmt: skip
    report = status.render(work)
    assert f"load set aside: {first.load_id} shopify.orders" in report
    assert "51 rows are lost" in report and "column amount is gone" in report
    assert ALL_WELL not in report
    second = commit(work, "20260915T063000000000-dddddddd", AT + timedelta(minutes=30))
    work.landing.reject(second.load_id, "51 rows are lost", AT)
    report = status.render(work)
    assert report.count("load set aside") == 1
    assert f"load set aside: {second.load_id} shopify.orders" in report
    commit(work, "20260915T070000000000-bbbbbbbb", AT + timedelta(hours=1))
    assert "load set aside" not in status.render(work)


def test_what_one_thing_kept_from_landing_is_one_line(work: Workspace):
    for number, stream in enumerate(("orders", "transactions", "shop")):
        said = f"the app lacks a scope; source: shopify; stream: {stream}; account: a; got: none"
        work.landing.refuse(
            Refusal(f"20260915T06010{number}000000-cccccccc", "shopify", stream, "a", DAY,
                    DAY + timedelta(days=1), said, AT)
        )  # fmt: skip
    lines = [one for one in status.render(work).splitlines() if one.startswith("load refused")]
    assert lines == [
        "load refused: shopify (a) orders, shop, transactions [2026-09-14, 2026-09-15):"
        " the app lacks a scope; got: none"
    ]


def test_rows_whose_day_has_not_come_are_counted_by_stream(work: Workspace):
    assert "waiting" not in status.render(work)
    accounts = (
        "create table health.fct_row_accounts as from (values {}) as rows (source, stream, {})"
    )
    say(work, accounts.format("('shopify', 'orders', 9)", "offered_rows"))
    assert "waiting" not in status.render(work), "a mart of an earlier version"
    say(work, "drop table health.fct_row_accounts")
    rows = "('crm', 'deals', 2), ('crm', 'deals', 1), ('shopify', 'orders', 0)"
    say(work, accounts.format(rows, "waiting_rows"))
    lines = [one for one in status.render(work).splitlines() if one.startswith("waiting")]
    assert lines == ["waiting: crm.deals: 3 rows of days after the mart's"]


def test_who_restores_a_load_that_a_gate_held_is_recorded(work: Workspace):
    load = commit(work, "20260915T060000000000-aaaaaaaa", AT)
    finding = Finding("landing/shopify", "rows lost", "shopify.orders", "critical", "hold", AT)
    judgement = Verdict("landing/shopify", (finding,), AT, (load.load_id,), (load.load_id,))
    verdicts.keep(work.state.gates, judgement)
    work.landing.reject(load.load_id, finding.line, AT)
    corrections.restore(load.load_id)
    (released,) = verdicts.recent(work.state.gates, verdicts.RELEASE)
    (kept,) = released.findings
    assert (kept.cause, bool(kept.released_by)) == (finding.cause, True)
    assert kept.reason == f"load {load.load_id} restored by hand"
    assert work.landing.loads("shopify", "orders") == [load]


def test_a_hold_of_the_first_build_is_reported_without_a_mart(work: Workspace):
    work.state.mart.unlink()
    with pytest.raises(TrueupError, match="nothing has been published"):
        status.render(work)
    judged(work, "mart", "hold")
    report = status.render(work)
    assert report.startswith("gate mart: hold") and "Nothing is published" in report
    assert report.endswith(
        "Next: what holds it stands above, each with its section of the runbook."
    )


def test_a_hold_that_a_person_released_says_who_and_why(work: Workspace):
    held = Finding("mart", "c", "fct_spend", "critical", "hold", AT, observed="3 rows")
    verdict = Verdict("mart", (held,), AT, build_id="b2")
    verdicts.keep(work.state.gates, verdict)
    earlier = Verdict("mart", (held,), AT, build_id="b1")
    verdicts.record_release(work.state.gates, earlier, "Bea", "an old one", AT)
    assert "released" not in status.render(work)
    verdicts.record_release(work.state.gates, verdict, "Ann", "seen with finance", AT)
    assert "    published all the same: released by Ann: seen with finance" in (
        status.render(work).splitlines()
    )


def test_without_a_mart_it_names_what_has_landed_and_how_to_get_to_one(work: Workspace):
    work.state.mart.unlink()
    judged(work, "landing/shopify", "pass")
    commit(work, "20260915T060000000000-aaaaaaaa", AT)
    report = status.render(work)
    assert ALL_WELL not in report and "The mart is" not in report
    assert "Landed: shopify. Not: awin, cloudbeds," in report
    assert (
        "`make up`" in report
        and 'eval "$(PYTHONPATH=tests .venv/bin/python -m sandbox env)"' in (report)
    )


def test_the_demo_s_verbs_are_named_for_the_demo_alone(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert "make down" in status.render(work) and "make tomorrow" in status.render(work)
    own = tmp_path / "own.yml"
    own.write_text((ROOT / "company.yml").read_text("utf-8"), "utf-8")
    monkeypatch.setenv("TRUEUP_COMPANY", str(own))
    report = status.render(workspace.current())
    assert "make " not in report and f"--company {own} query" in report
    assert f"`export TRUEUP_COMPANY={own}`" in report


def test_where_nothing_landed_for_a_company_of_one_s_own_the_reason_comes_first(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = tmp_path / "own.yml"
    own.write_text((ROOT / "company.yml").read_text("utf-8"), "utf-8")
    monkeypatch.setenv("TRUEUP_COMPANY", str(own))
    found = workspace.current()
    found.state.mart.unlink()
    judged(found, "landing/shopify", "pass")
    assert status.render(found).endswith("Next: `trueup check`, then `trueup run`.")
    judged(found, "landing/shopify", "warn")
    report = status.render(found)
    assert report.endswith("Next: mend what stands above, then `trueup run`.")
    assert f"`export TRUEUP_COMPANY={own}`" in report


def test_as_of_lists_the_moments_and_each_of_them_shows_rows(
    work: Workspace, capsys: pytest.CaptureFixture[str]
):
    commit(work, "20260915T060000000000-aaaaaaaa", AT)
    commit(work, "20260915T070000000000-bbbbbbbb", AT + timedelta(hours=1))
    assert main(["as-of", "shopify", "orders"]) == 0
    moments = re.findall(r"^(\S+Z)  5 rows of 2026-09-14 to", capsys.readouterr().out, re.M)
    assert moments == ["2026-09-15T06:00:01Z", "2026-09-15T07:00:01Z"]
    assert main(["as-of", moments[0], "shopify", "orders", "--sql", "select 1"]) == 0
    assert main(["as-of", "now", "shopify", "orders", "--sql", "select 1"]) == 0
    capsys.readouterr()
    assert main(["as-of", "2026-09-15T05:00:00Z", "shopify", "orders"]) == 1
    error = capsys.readouterr().err
    assert "nothing was known of shopify.orders" in error
    assert "expected: 2026-09-15T06:00:00Z or later" in error and "lists those" in error


def test_the_rows_of_a_finding_are_a_command_away(
    work: Workspace, capsys: pytest.CaptureFixture[str]
):
    finding = Finding(
        "mart", "rows", "fct_spend", "critical", "hold", AT,
        query='trueup query "select 41 + 1 as answer"', runbook="docs/runbook.md#spend",
    )  # fmt: skip
    verdicts.keep(work.state.gates, Verdict("mart", (finding,), AT))
    for name in (finding.cause, finding.short_id):
        assert main(["query", "--finding", name]) == 0
        assert "42" in capsys.readouterr().out
    assert main(["status"]) in (0, 1)
    said = capsys.readouterr().out
    assert (
        f"        rows: `trueup query --finding {finding.short_id}`; docs/runbook.md#spend" in said
    )
    assert main(["query", "--finding", "other"]) == 1
    assert "--finding 'fct_spend / rows'" in capsys.readouterr().err
    verdicts.keep(work.state.gates, Verdict("mart", (), AT))
    assert main(["query", "--finding", "other"]) == 1
    said = capsys.readouterr().err
    assert "no newest verdict of harbour_house" in said and "--company FILE" in said
    assert main(["query", "--build", "select 1"]) == 1
    assert "nothing is built yet" in capsys.readouterr().err


def test_asking_for_the_rows_of_a_finding_lands_nothing(
    work: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """A vendor's answer of today would stand in place of the one the finding is about."""
    monkeypatch.setattr(pipeline, "land", lambda *_, **__: pytest.fail("it landed"))
    missing = not_landed.findings(
        "shopify", [NotLanded("orders", "shop", "AccessDenied", "the app lacks a scope", True)], AT
    )
    older = Finding(
        "landing/shopify", "rows", "shopify.orders", "warning", "warn", AT,
        query="trueup land shopify",
    )  # fmt: skip
    verdicts.keep(work.state.gates, Verdict("landing/shopify", (*missing, older), AT))
    assert main(["query", "--finding", missing[0].short_id]) == 0
    assert main(["query", "--finding", older.short_id]) == 1
    assert "no rows to show" in capsys.readouterr().err
