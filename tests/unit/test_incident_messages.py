"""What the message of an incident says, and that one run sends one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from trueup.alerts import incident_files, on_call
from trueup.alerts.incidents import Incident, short_id
from unit.incident_gate import (
    AT,
    HELD,
    WARNED,
    Gate,
    entry,
    gate,
    heard,
    home,
    notice,
    over,
    received,
)

__all__ = ["gate", "home", "received"]


def test_two_causes_are_two_incidents_of_one_message(received: list, home: Path):
    on_call.notify(notice("ingest_ga4"), notice("ingest_shopify"))
    assert [i.notice.cause for i in incident_files.all_open(home / "incidents")] == [
        "ingest_ga4",
        "ingest_shopify",
    ]
    assert len(received) == 1


def test_a_message_says_what_where_since_when_how_much_how_to_look_and_what_to_do(
    received: list, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRUEUP_RUNBOOK_URL", "https://wiki/runbook")
    gate.finds(
        gate.finding(
            "fct_spend", "hold", signal="spend", segment="a1", why="Spend is never negative",
            since_date=date(2026, 9, 12), affected_rows=3, observed="3 of 9 rows",
            affected_amount_local=Decimal("-120.5"), currency_code="EUR",
        ),
        link="http://airflow/approve",
    )  # fmt: skip
    assert heard(received) == [
        "1 opened, 1 to answer now\n"
        "mart: held, the last good data stays in use\n"
        "- Spend is never negative\n"
        f"    fct_spend.spend (a1) [{short_id('fct_spend / spend / a1 / rows')}]:"
        " 3 of 9 rows since 2026-09-12, -120.50 EUR\n"
        '        look: trueup query --build "from t"\n'
        "        open: http://airflow/approve\n"
        "    do: https://wiki/runbook#fct_spend"
    ]


def test_a_query_too_long_for_a_phone_is_named(received: list, gate: Gate):
    long = "trueup query --build " + "x" * 300
    gate.finds(gate.finding("spend", "warn", segment="a 1", query=long))
    assert "look: trueup query --finding 'spend / a 1 / rows'" in heard(received)[0]


def test_what_fails_in_one_run_is_one_message_and_a_resolution_is_a_line_each(
    received: list, gate: Gate
):
    gate.judges(spend="warn", claims="hold", days="pass")
    assert heard(received) == [
        f"2 opened, 1 to answer now\n{HELD}\n{entry('claims')}\n{WARNED}\n{entry('spend')}"
    ]
    gate.judges(spend="warn", claims="hold", days="pass")
    assert heard(received) == []
    gate.judges(spend="pass", claims="pass", days="pass")
    assert heard(received) == [over("claims")]
    gate.judges(spend="pass", claims="pass", days="pass")
    assert heard(received) == [over("spend")]


def test_findings_of_one_kind_stand_together(received: list, gate: Gate):
    gate.finds(
        *(
            gate.finding("fresh", "warn", segment=source, why="is stale", query="")
            for source in ("ga4", "shopify", "fx_rates")
        )
    )
    assert heard(received)[0].count("- is stale") == 1
    assert len(incident_files.all_open(gate.folder.parent / "incidents")) == 3


def test_vendors_that_do_not_answer_within_the_hour_are_one_outage(
    received: list, home: Path, monkeypatch: pytest.MonkeyPatch
):
    """The first to give up waits for the others; whoever follows joins without a message."""
    others = [Gate(home, f"landing/{source}") for source in ("ga4", "shopify")]
    monkeypatch.setenv("TRUEUP_GATHER_SECONDS", "1")

    def meanwhile(seconds: float) -> None:
        if seconds and others:
            others.pop().misses(("", "VendorUnavailable"))

    monkeypatch.setattr("trueup.alerts.on_call.time.sleep", meanwhile)
    first = Gate(home, "landing/google_ads")
    first.misses(("a1", "VendorUnavailable"), ("a2", "VendorUnavailable"))
    (text,) = heard(received)
    assert text.startswith("1 opened\nvendors do not answer; what is missing is caught up")
    assert all(name in text for name in ("google_ads", "(a1)", "(a2)", "ga4", "shopify"))
    Gate(home, "landing/hubspot").misses(("", "VendorUnavailable"))
    assert heard(received) == []
    incidents = [one for one in incident_files.all_open(home / "incidents") if not one.notice.group]
    assert len(incidents) == 1 and len(incidents[0].notice.signals) == 5
    for source in ("hubspot", "ga4", "shopify"):
        Gate(home, f"landing/{source}").misses()
    assert heard(received) == []
    first.misses()
    assert heard(received)[0].startswith("1 resolved\n- google_ads: did not land")
    assert incident_files.all_open(home / "incidents") == []


def test_an_account_that_is_refused_is_reported_by_name_with_what_to_clear(
    received: list, home: Path
):
    gate = Gate(home, "landing/google_ads")
    gave_up = "Gave up after 4 tries; when it is mended, clear the task `land`"
    gate.misses(("a1", "AccessDenied"), gave_up=gave_up)
    (text,) = heard(received)
    assert gave_up in text and "google_ads.AccessDenied (a1)" in text
    assert "open: http://airflow/log" in text
    gate.misses(("a1", "AccessDenied"), ("a2", "AccessDenied"))
    (text,) = heard(received)
    assert "(a2)" in text and "(a1)" not in text
    gate.misses(("a2", "AccessDenied"))
    assert "(a1)" in heard(received)[0]


def test_how_long_an_incident_lasted_is_said_in_two_units():
    from trueup.alerts.messages import duration, resolved

    assert [duration(timedelta(minutes=n)) for n in (5, 125, 3000)] == [
        "5 min",
        "2 h 5 min",
        "2 d 2 h",
    ]
    incident = Incident(notice("ga4"), AT, AT, 3)
    assert resolved("acme", [incident], AT + timedelta(hours=3)) == (
        f"[acme] 1 resolved\n- ga4: gave up [{short_id('ga4')}] (after 3 h 0 min)"
    )
