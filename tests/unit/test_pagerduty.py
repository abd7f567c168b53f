"""PagerDuty, Events API v2: one trigger, updates, acknowledgement and resolve of one alert."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from trueup.alerts import incidents, lifecycle, on_call
from trueup.alerts.receivers import pagerduty
from trueup.gates.findings import NOT_LANDED, Finding, Verdict
from trueup.gates.verdicts import keep
from unit.alert_company import AT, CAUSE, AlertCompany, company, notice
from unit.alert_receivers import Loopback, listening

__all__ = ["company"]


@pytest.fixture
def pager(company: AlertCompany):
    with listening() as kept:
        company.pagerduty(kept.url)
        yield kept


def actions(pager: Loopback) -> list[str]:
    return [body["event_action"] for body in pager.bodies()]


def test_one_trigger_n_updates_one_resolve_all_of_one_alert(company: AlertCompany, pager: Loopback):
    company.meets(notice())
    for day in range(4):
        company.clock.goes_on(days=1)
        company.meets(notice(amount=Decimal(3000 * 3**day), signals=("event_capture", "share")))
    company.ends(CAUSE)
    company.beats()
    assert actions(pager) == ["trigger"] * 5 + ["resolve"]
    (key,) = {body["dedup_key"] for body in pager.bodies()}
    assert key.startswith("trueup/acme/cause/") and len(key) <= pagerduty.LONGEST_KEY
    assert {request.path for request in pager.requests} == {"/v2/enqueue"}
    company.meets(notice())
    assert pager.bodies()[-1]["dedup_key"] == key, "the same cause, whatever the day"


def test_what_an_alert_says(company: AlertCompany, pager: Loopback, monkeypatch: Any):
    monkeypatch.setenv("TRUEUP_RUNBOOK_URL", "https://wiki/runbook")
    company.meets(
        notice(
            kind="hold", family="purchase_tag_dead", system="ga4", segment="safari",
            since="2026-09-12", suspected_change="tag 'purchase' paused", confidence=0.9,
            not_affected="orders, ads", owner="web", link="http://airflow/approve",
        )
    )  # fmt: skip
    (body,) = pager.bodies()
    assert body["routing_key"] == "R-SECRET-KEY" and body["client"] == "trueup"
    alert = body["payload"]
    assert alert["summary"] == (
        "[acme] page opened: purchase tag dead: The purchase tag sends nothing"
        f" (3 % of 92 % expected) ({incidents.short_id(CAUSE)})"
    )
    assert alert["severity"] == "critical" and alert["class"] == "purchase_tag_dead"
    assert alert["component"] == "ga4" and alert["group"] == "acme"
    assert alert["timestamp"] == AT.isoformat()
    details = alert["custom_details"]
    assert details["money at risk"] == "1,200.50 EUR" and details["since"] == "2026-09-12"
    assert details["changed just before"] == "tag 'purchase' paused (90% sure)"
    assert details["not affected"] == "orders, ads" and details["owner"] == "web"
    assert details["look"].startswith("trueup query") and "\n" in details["text"]
    assert body["links"] == [
        {"href": "https://wiki/runbook#tracking", "text": "runbook"},
        {"href": "http://airflow/approve", "text": "open"},
    ]


@pytest.mark.parametrize(
    ("kind", "urgency", "severity"),
    [
        ("hold", "", "critical"),
        ("gate-error", "", "error"),
        ("warn", "page", "error"),
        ("warn", "", "warning"),
        ("unavailable", "", "warning"),
    ],
)
def test_severities(company: AlertCompany, pager: Loopback, kind: Any, urgency: Any, severity: str):
    company.meets(notice(kind=kind, urgency=urgency))
    assert pager.bodies()[0]["payload"]["severity"] == severity


def test_limits_hold_whatever_is_said(company: AlertCompany, pager: Loopback):
    long = "ä" * 400_000
    company.meets(notice(cause=long, how_much=long, query=long, not_affected=long, owner=long))
    (request,) = pager.requests
    assert len(request.raw) < pagerduty.MOST_BYTES
    assert len(request.body["payload"]["summary"]) == pagerduty.LONGEST_SUMMARY


def test_what_nobody_can_see_is_not_sent(company: AlertCompany, pager: Loopback):
    company.meets(notice(cause="tag\x1b[31m\u202e\r\ngone\x00"))
    text = json.dumps(pager.bodies(), ensure_ascii=False)
    assert not [letter for letter in ("\x1b", "\u202e", "\\u0000", "\\u001b") if letter in text]


def test_somebody_at_work_on_it_is_an_acknowledgement(company: AlertCompany, pager: Loopback):
    company.meets(notice())
    on_call.in_force().change([CAUSE], lambda one, at: lifecycle.acknowledged(one, "ana", "", at))
    company.beats()
    company.clock.goes_on(days=1)
    company.meets(notice(amount=Decimal(90_000)))
    assert actions(pager) == ["trigger", "acknowledge"], "and it grows in silence"
    company.meets(notice(urgency="page"))
    assert actions(pager)[2:] == ["trigger"], "unless it takes more of a person"


def test_a_burst_is_one_digest_resolved_with_the_last_of_it(company: AlertCompany, pager: Loopback):
    causes = [f"cause {number}" for number in range(9)]
    company.meets(*(notice(cause) for cause in causes))
    (body,) = pager.bodies()
    assert body["payload"]["summary"] == "[acme] 9 opened"
    assert all(cause in body["payload"]["custom_details"]["text"] for cause in causes)
    company.ends(*causes[:8])
    assert actions(pager) == ["trigger"]
    company.ends(causes[8])
    assert actions(pager) == ["trigger", "resolve"]
    assert pager.bodies()[1]["dedup_key"] == body["dedup_key"]
    assert not company.outbox.pending()


def test_an_hours_messages_are_bounded_and_pages_pass(company: AlertCompany, pager: Loopback):
    company.pagerduty(pager.url, most_per_hour=2)
    for number in range(6):
        company.meets(notice(f"cause {number}"))
    assert len(pager.requests) == 2
    company.meets(notice("urgent", urgency="page"))
    assert [b["payload"]["severity"] for b in pager.bodies()] == ["warning"] * 2 + ["error"]
    company.clock.goes_on(hours=1)
    company.beats()
    assert pager.bodies()[-1]["payload"]["summary"] == "[acme] 4 opened"
    assert not company.outbox.pending()


def test_a_change_of_settings_is_a_change_event_which_wakes_nobody(pager: Loopback):
    receiver = pagerduty.PagerDuty("R-SECRET-KEY", pager.url)
    receiver.tell_change("x" * 2000, "trueup acme", AT, {"hop": "tag"}, "https://wiki/runbook")
    (request,) = pager.requests
    assert request.path == "/v2/change/enqueue"
    assert len(request.body["payload"]["summary"]) == pagerduty.LONGEST_SUMMARY
    assert "event_action" not in request.body and "dedup_key" not in request.body
    assert request.body["payload"]["custom_details"] == {"hop": "tag"}


def test_no_key_stands_where_a_receiver_is_shown(pager: Loopback):
    receiver = pagerduty.PagerDuty("R-SECRET-KEY", pager.url)
    assert "SECRET" not in repr(receiver)


def test_an_outage_of_six_sources_is_one_incident(
    company: AlertCompany, pager: Loopback, monkeypatch: pytest.MonkeyPatch
):
    gates = company.folder / "var" / "acme" / "gates"
    sources = [f"source_{number}" for number in range(6)]

    def lands(source: str, *accounts: str) -> None:
        at = company.clock.at
        missing = tuple(
            Finding(
                f"landing/{source}", NOT_LANDED, source, "warning", "warn", at,
                signal="VendorUnavailable", segment=account, why="did not land",
            )
            for account in accounts
        )  # fmt: skip
        keep(gates, Verdict(f"landing/{source}", missing, at))
        on_call.report(f"landing/{source}")
        on_call.report_missing(f"landing/{source}", "Gave up after 4 tries", "http://airflow/log")
        company.clock.goes_on(minutes=5)

    for source in sources:
        lands(source, "a1", "a2")
    assert actions(pager) == ["trigger"]
    (incident,) = [one for one in on_call.in_force().all_open() if not one.notice.group]
    assert len(incident.notice.signals) == 12
    assert on_call.is_stopped("landing/source_4") and not on_call.is_stopped("landing/other")
    company.clock.goes_on(hours=7)
    lands("late_one", "a1")
    assert actions(pager) == ["trigger", "trigger"], "who follows much later is news"
    for source in [*sources, "late_one"]:
        lands(source)
    assert actions(pager) == ["trigger", "trigger", "resolve"]
    assert on_call.in_force().all_open() == []


@pytest.mark.parametrize("errors", [["Invalid routing key"], ["Length of 'routing_key' is wrong"]])
def test_what_a_wrong_key_refuses_waits_for_the_right_one(
    company: AlertCompany, pager: Loopback, errors: list[str]
):
    pager.answers = [(400, {}, {"status": "invalid event", "errors": errors})]
    company.meets(notice())
    company.clock.goes_on(hours=1)
    company.beats()
    assert actions(pager) == ["trigger", "trigger"] and not company.outbox.pending()


def test_the_page_of_a_proxy_is_no_answer(company: AlertCompany, pager: Loopback):
    pager.answers = [(200, {}, b"<html>sign in</html>"), (200, {}, b"")]
    company.meets(notice())
    for _ in range(2):
        company.clock.goes_on(hours=1)
        company.beats()
    assert actions(pager) == ["trigger"] * 3 and not company.outbox.pending()
