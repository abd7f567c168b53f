"""Open incidents as findings of the gate: one each, with all that a person at night asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from gates.causes import score_tables
from gates.causes.score_tables import NEWEST, Series
from trueup.gates import suites
from trueup.gates.causes.diagnose import diagnose
from trueup.gates.findings import Finding, on_build
from trueup.gates.measures import measured
from trueup.gates.suites import Subject

SUITE = Path(__file__).parents[3] / "expectations" / "mart" / "fct_incidents.yml"
BREAK = NEWEST - timedelta(days=4)


def findings(folder: Path, con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """What the suite finds once the signals were diagnosed."""
    diagnose(con)
    con.execute("create view health.fct_incidents as from trueup.tracking_incidents")
    file = folder / "build.duckdb"
    con.execute(f"attach '{file}' as build; copy from database memory to build; detach build")
    subject = Subject(
        "mart", "fct_incidents", "health", "fct_incidents", "health.fct_incidents",
        datetime(2026, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    with suites.datasource(file) as datasource:
        failures = list(suites.run(datasource, SUITE, subject))
    with duckdb.connect(str(file), read_only=True) as opened:
        return measured(opened, failures, on_build)


def test_an_incident_says_what_moved_since_when_and_what_was_changed(tmp_path: Path):
    con = score_tables.build(
        Series("event_capture", level=0.0, breach=BREAK),
        Series("consent_granted_share"),
        Series("checkout_rate"),
    )
    score_tables.change(con, "tags", "tag", "paused", "true", BREAK, hop="tag")
    (found,) = findings(tmp_path, con)
    assert (found.verdict, found.urgency, found.family) == ("warn", "page", "purchase_tag_dead")
    assert found.cause == "fct_incidents / purchase_tag_dead / events / all"
    assert found.where == "fct_incidents.purchase_tag_dead (events)"
    assert found.what == "The tag that reports purchases fires no more"
    assert found.observed == (
        "orders that the events system saw: 0.0 % where 85.5 to 94.5 % is expected"
    )
    assert (found.since_date, found.owner) == (BREAK, "web")
    # Five days of 100 orders of 10 each, nine tenths of which are usually seen.
    assert (found.affected_amount_local, found.currency_code) == (Decimal("4500.000000"), "EUR")
    assert found.suspected_change == "tag 1: paused became true" and found.confidence == 0.9
    assert "visitors who grant consent (events)" in found.not_affected
    assert found.runbook == "docs/runbook.md#purchase-tag-dead"
    assert found.query.startswith("trueup query --build ") and "'event_capture'" in found.query
    assert found.signals == ("event_capture",) and found.incident_id


def test_a_platform_risks_what_it_was_expected_to_claim_and_no_more(tmp_path: Path):
    place = {"dimension": "platform", "segment": "ads_a", "hop": "claim", "kind": "rate"}
    con = score_tables.build(
        Series("claim_ratio", "ads_a", level=0.0, breach=BREAK, expected=0.25, **place)
    )
    (found,) = findings(tmp_path, con)
    # Five days of 100 orders of 10 each, a quarter of which it usually claims.
    assert found.affected_amount_local == Decimal("1250.000000")
    assert found.how_much.endswith(f"since {BREAK}, 1,250.00 EUR at risk")


def test_money_is_of_every_platform_that_is_named(tmp_path: Path):
    con = score_tables.build(
        *(
            Series("tagged_landing_rate", "events", "platform", name, level=0.0, breach=BREAK)
            for name in ("ads_a", "ads_b")
        )
    )
    (found,) = findings(tmp_path, con)
    assert found.where == "fct_incidents.query_string_dropped (events platform=ads_a, ads_b)"
    assert "of ads_a: " in found.how_much and "the same of ads_b" in found.how_much
    assert found.affected_amount_local == Decimal("9000.000000")


def test_every_field_that_is_empty_is_named_and_the_day_is_of_them_all(tmp_path: Path):
    names = [f"files.leads.utm_{part}" for part in ("campaign", "content", "id", "medium")]
    con = score_tables.build(
        *(
            Series("field_filled_share", "files", "field", name, level=0.0, breach=BREAK)
            for name in (*names, "files.leads.utm_source", "files.leads.utm_term")
        )
    )
    (found,) = findings(tmp_path, con)
    assert found.family == "form_field_renamed"
    assert found.how_much == (
        "rows with the field filled in of files.leads.utm_campaign: 0.0 % where 85.5 to 94.5 %"
        f" is expected; the same of {', '.join(names[1:])}, files.leads.utm_source and 1 more;"
        f" since {BREAK}, 4,500.00 EUR at risk"
    )


def test_what_is_over_and_what_another_gate_tells_is_no_finding(tmp_path: Path):
    con = score_tables.build(
        Series("event_capture", level=0.0, breach=BREAK, until=NEWEST),
        Series("lead_capture", "crm", level=0.0, breach=NEWEST, hop="crm"),
    )
    con.execute(
        "insert into health.fct_freshness values ('crm', ?, true)", [NEWEST - timedelta(days=1)]
    )
    assert [x.verdict for x in findings(tmp_path, con)] == ["pass"]


def test_many_incidents_are_as_many_findings(tmp_path: Path):
    con = score_tables.build(
        *(
            Series("restated_share", f"ads_{n}", "platform", f"ads_{n}", level=0.5, breach=BREAK)
            for n in range(25)
        )
    )
    found = findings(tmp_path, con)
    assert len({x.cause for x in found}) == len(found) == 25


@pytest.mark.parametrize("is_setting_first", [True, False])
def test_a_setting_opens_a_ticket_and_its_signal_goes_on_with_it(is_setting_first: bool):
    """The same incident before any signal moves, and once one does."""
    seen = date(2026, 3, 1)
    moved = seen + timedelta(days=2 if is_setting_first else -1)
    heard = []
    for newest in (seen, moved, max(seen, moved) + timedelta(days=3)):
        out = Series("event_capture", level=0.0, breach=moved)
        con = score_tables.build(out, newest=newest)
        if newest >= seen:
            score_tables.change(con, "tags", "tag", "paused", "true", seen, hop="tag")
        (incident,) = score_tables.incidents(con)
        heard.append((incident["incident_id"], incident["severity"], incident["found_by"]))
    assert len({identity for identity, *_ in heard}) == 1
    assert heard[-1][1:] == ("page", "signals")
    if is_setting_first:
        assert heard[0][1:] == ("ticket", "settings")


@pytest.mark.parametrize(("second_day", "severity"), [(0.88, "ticket"), (0.5, "page")])
def test_one_bad_day_wakes_nobody_though_its_breach_is_open_on_the_next(
    second_day: float, severity: str
):
    con = score_tables.build(
        Series("lead_capture", "crm", level=0.5, breach=BREAK, until=BREAK + timedelta(days=2))
    )
    con.execute(
        "update trueup.signal_scores set observed = ? where signal_date = ?",
        [second_day, BREAK + timedelta(days=1)],
    )
    assert [x["severity"] for x in score_tables.incidents(con)] == [severity]


def test_a_setting_that_nothing_follows_is_over_when_it_is_taken_back_or_old():
    con = score_tables.build(Series("event_capture"))
    day = date(2026, 3, 1)
    score_tables.change(con, "ads_a", "account", "auto_tagging_enabled", "false", day, hop="click")
    score_tables.change(
        con, "ads_a", "account", "auto_tagging_enabled", "true", day + timedelta(days=3),
        hop="click", is_break=False,
    )  # fmt: skip
    score_tables.change(con, "crm", "deal stage", "(object)", "", day, hop="deal", object_id="2")
    found = {x["cause_family"]: x for x in score_tables.incidents(con)}
    assert found["auto_tagging_off"]["resolved_date"] == day + timedelta(days=3)
    assert found["stage_mapping_changed"]["resolved_date"] == day + timedelta(days=14)
    assert "purchase" in found["auto_tagging_off"]["what"]


@pytest.mark.parametrize(("days", "opened"), [(20, 2), (100, 3)])
def test_a_setting_that_becomes_what_it_was_breaks_nothing(days: int, opened: int):
    """Shortened, mended, and shortened again; what was wanted for months is no mending."""
    con = score_tables.build(newest=date(2026, 9, 30))
    for number, (was, value) in enumerate([("30", "7"), ("7", "30"), ("30", "7")]):
        score_tables.change(
            con, "ads_a", "conversion action", "window_days", value,
            date(2026, 1, 5) + timedelta(days=days * number), hop="conversion", was=was,
        )  # fmt: skip
    assert len(score_tables.incidents(con)) == opened


def test_to_take_an_improvement_back_is_a_break():
    con = score_tables.build()
    for value, day, is_break in (("true", 5, False), ("false", 25, True)):
        score_tables.change(
            con, "ads_a", "account", "auto_tagging_enabled", value, date(2026, 1, day),
            hop="click", is_break=is_break, was="false" if value == "true" else "true",
        )  # fmt: skip
    assert [x["cause_family"] for x in score_tables.incidents(con)] == ["auto_tagging_off"]


def test_what_begins_again_within_days_is_the_same_incident_and_later_another():
    def twice(gap: int) -> list[str]:
        first = Series("lead_capture", "crm", level=0.0, hop="crm",
                       breach=date(2026, 3, 1), until=date(2026, 3, 5))  # fmt: skip
        con = score_tables.build(first)
        again = [date(2026, 3, 5) + timedelta(days=gap), date(2026, 3, 25)]
        con.execute(
            "update trueup.signal_scores set is_breach = true, direction = -1, effect = 0,"
            " observed = 0, since_date = ? where signal_date between ? and ?",
            [again[0], *again],
        )
        return [x["incident_id"] for x in score_tables.incidents(con)]

    assert len(set(twice(3))) == 1
    assert len(set(twice(12))) == 2


def test_a_diagnosis_that_fails_leaves_what_stood():
    con = score_tables.build(Series("lead_capture", "crm", level=0.0, breach=BREAK, hop="crm"))
    before = score_tables.incidents(con)
    con.execute("alter table health.fct_config_changes rename observed_at to seen_at")
    with pytest.raises(duckdb.Error):
        diagnose(con)
    assert len(before) == 1
    assert con.execute("select count(*) from trueup.tracking_incidents").fetchone() == (1,)


def test_the_segments_that_lost_everything_are_named_whichever_signal_shows_them(tmp_path: Path):
    con = score_tables.build(
        Series("event_capture", level=0.6, breach=BREAK),
        Series("purchase_rate", level=0.6, breach=BREAK),
        Series("purchase_rate", "events", "browser", "Safari", level=0.0, breach=BREAK, trials=34),
        Series("purchase_rate", "events", "browser", "Edge", level=0.9, breach=BREAK, trials=50),
        Series("browser_mix", "events", "browser", "Safari", level=0.0, breach=BREAK, kind="mix"),
    )
    (found,) = findings(tmp_path, con)
    assert (found.family, found.segment) == ("tag_partial", "events")
    assert "; narrowest: purchase_rate browser=Safari 0 of 34; with it " in found.observed
    assert "'purchase_rate'" in found.query and "'event_capture'" in found.query


@pytest.mark.parametrize(
    ("kinds", "urgency"),
    [(("duplicate",), "ticket"), (("duplicate", "conflict"), "page"), (("excluded",), "page"),
     ((), "page")],
)  # fmt: skip
def test_the_same_rows_again_wake_nobody(tmp_path: Path, kinds: tuple[str, ...], urgency: str):
    """What differs, is left out otherwise or is not known does."""
    con = score_tables.build(
        Series("set_aside_share", "files", "stream", "files.orders", level=50.0, breach=BREAK)
    )
    for kind in kinds:
        con.execute(
            "insert into health.fct_set_aside values ('files', 'orders', ?, ?, false),"
            " ('files', 'leads', ?, 'conflict', true)",
            [BREAK, kind, BREAK],
        )
    (found,) = findings(tmp_path, con)
    assert (found.verdict, found.family, found.urgency) == ("warn", "load_duplicated", urgency)
    assert ("each is used once, and nothing is lost" in found.what) == (urgency == "ticket")


def test_a_day_that_the_figures_name_is_not_said_again(tmp_path: Path):
    con = score_tables.build(Series("event_capture", level=0.6, breach=BREAK))
    con.execute(
        "update trueup.signal_scores set expected_low = 0 where is_breach"
    )  # far only together with the days before
    (found,) = findings(tmp_path, con)
    assert found.how_much.count(f"since {BREAK}") == 1 and found.since_date == BREAK
