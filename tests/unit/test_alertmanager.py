"""Alertmanager on loopback: an alert lasts while its incident does, and ends with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from trueup.alerts.receivers import alertmanager
from unit.alert_company import AT, CAUSE, AlertCompany, company, notice
from unit.alert_receivers import Loopback, listening

__all__ = ["company"]


@pytest.fixture
def manager(company: AlertCompany):
    with listening(lambda _: (200, {}, "")) as kept:
        company.hears("wall", "alertmanager", {}, base_url=kept.url)
        yield kept


def alerts(manager: Loopback) -> list[dict[str, Any]]:
    assert {one.path for one in manager.requests} == {"/api/v2/alerts"}
    return [alert for body in manager.bodies() for alert in body]


def identity(alert: dict[str, Any]) -> str:
    return str(sorted(alert["labels"].items()))


def test_an_alert_lasts_past_the_next_run_and_is_sent_again_while_it_lasts(
    company: AlertCompany, manager: Loopback
):
    company.meets(notice(family="purchase_tag_dead", system="ga4", segment="safari"))
    (first, *_) = alerts(manager)
    assert first["labels"]["alertname"] == "purchase_tag_dead"
    assert first["labels"]["severity"] == "ticket" and first["labels"]["system"] == "ga4"
    assert first["annotations"]["money_at_risk"] == "1,200.50 EUR"
    assert first["startsAt"] == AT.isoformat()
    for _ in range(3):
        company.clock.goes_on(days=1)
        before = len(alerts(manager))
        company.beats()
        (again,) = alerts(manager)[before:]
        ends = datetime.fromisoformat(again["endsAt"])
        assert identity(again) == identity(first)
        assert ends - company.clock.at == timedelta(hours=26) > timedelta(days=1)
    company.ends(CAUSE)
    before = len(alerts(manager))
    company.clock.goes_on(minutes=10)
    company.beats()
    last = [one for one in alerts(manager)[before:] if identity(one) == identity(first)]
    assert [datetime.fromisoformat(one["endsAt"]) for one in last] == [AT + timedelta(days=3)]
    company.clock.goes_on(minutes=10)
    before = len(manager.requests)
    company.beats()
    assert len(manager.requests) == before, "said long enough"


def test_a_severity_that_rises_ends_the_alert_it_was(company: AlertCompany, manager: Loopback):
    company.meets(notice())
    company.clock.goes_on(days=1)
    company.meets(notice(urgency="page"))
    lasting = {}
    for alert in alerts(manager):
        is_open = datetime.fromisoformat(alert["endsAt"]) > company.clock.at
        lasting[alert["labels"]["severity"]] = is_open
    assert lasting == {"ticket": False, "page": True}


def test_alerts_sent_at_once_are_one_request(company: AlertCompany, manager: Loopback):
    company.meets(*(notice(f"cause {number}") for number in range(40)))
    assert len(manager.bodies()[0]) == 40


def test_an_alertmanager_is_spoken_to_with_its_password(company: AlertCompany):
    with listening(lambda _: (200, {}, "")) as kept:
        secrets = {"password": "P-SECRET"}
        company.hears("wall", "alertmanager", secrets, base_url=kept.url, user="trueup")
        company.meets(notice())
        assert kept.requests[0].headers["Authorization"].startswith("Basic ")
    assert "SECRET" not in repr(alertmanager.Alertmanager("x", "u", "P-SECRET", "T-SECRET"))


def test_the_page_of_a_proxy_is_no_answer_of_an_alertmanager(
    company: AlertCompany, manager: Loopback
):
    manager.answers = [(200, {}, b"<!doctype html><title>sign in</title>")]
    company.meets(notice())
    assert company.outbox.pending()
