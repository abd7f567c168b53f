"""What is news of an incident, when it is over, and who hears of it: routes, quiet hours, mutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from trueup.alerts import incident_files, lifecycle, on_call
from trueup.alerts.incidents import Incident
from trueup.company.alerting import Alerts, as_far_as_sound
from trueup.gates.findings import Finding, Verdict
from trueup.gates.verdicts import keep, last
from unit.alert_company import AT, CAUSE, AlertCompany, company, notice
from unit.alert_receivers import Loopback, listening

__all__ = ["company"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def met(*steps: tuple[timedelta, dict[str, Any]]) -> list[str]:
    """What is said of an incident that runs meet at these times after its beginning."""
    incident = lifecycle.met(None, notice(), AT)
    said = []
    for after, change in steps:
        number = incident.number
        incident = lifecycle.met(incident, notice(**change), AT + after)
        said.append(incident.event if incident.number > number else "")
    return said


def test_what_stays_as_it_is_is_said_once():
    assert met((DAY, {}), (2 * DAY, {}), (30 * DAY, {})) == ["", "", ""]


def test_money_that_grew_by_a_lot_is_news_and_not_every_hour():
    more, most = {"amount": Decimal(2500)}, {"amount": Decimal(9000)}
    assert met((HOUR, more), (7 * HOUR, more), (8 * HOUR, most), (14 * HOUR, most)) == [
        "", "updated", "", "updated",
    ]  # fmt: skip
    assert met((DAY, {"amount": Decimal(1900)}), (2 * DAY, {"amount": Decimal(10)})) == ["", ""]


def test_a_signal_that_joined_is_news_and_one_that_left_is_not():
    two = {"signals": ("event_capture", "claim_ratio")}
    assert met((DAY, two), (2 * DAY, {}), (3 * DAY, two)) == ["updated", "", ""]


def test_what_asks_more_of_a_person_is_news_at_once():
    assert met((HOUR, {"urgency": "page"}), (2 * HOUR, {}), (3 * HOUR, {"urgency": "page"})) == [
        "updated", "", "",
    ]  # fmt: skip
    assert met((HOUR, {"kind": "hold", "urgency": "ticket"})) == ["updated"]


def test_a_clock_set_back_neither_hides_what_is_worse_nor_repeats_what_is_not():
    more = {"amount": Decimal(9000)}
    assert met((-400 * DAY, {}), (-399 * DAY, more), (-398 * DAY, more)) == ["", "updated", ""]


# -- over


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        ({}, 2),
        ({"kind": "hold"}, 1),
        ({"incident_id": "abc", "family": "purchase_tag_dead"}, 1),
    ],
)
def test_the_worlds_warnings_wait_for_two_clean_builds_unless_the_data_has_waited(
    change: dict[str, Any], runs: int
):
    assert lifecycle.waits_for(notice(**change)) == runs


def test_what_comes_each_week_is_open_on_the_days_between_and_over_when_it_stays_away():
    weekly = replace(notice(), gate="landing/ads", over_after=8)
    incident = lifecycle.met(None, weekly, AT)
    for day in range(1, 29):
        at = AT + timedelta(days=day)
        if day % 7:
            incident = lifecycle.not_met(incident, f"run {day}", at)
        else:
            incident = lifecycle.met(incident, weekly, at)
        assert not incident.resolved_at
    assert (incident.number, incident.event) == (1, "opened"), "nobody hears of it again"
    for day in range(29, 37):
        incident = lifecycle.not_met(incident, f"run {day}", AT + timedelta(days=day))
    assert (incident.number, incident.event) == (2, "resolved")


def test_what_other_gates_and_tasks_find_is_over_at_once():
    for kind in ("failed", "unavailable", "gate-error", "warn"):
        assert lifecycle.waits_for(replace(notice(kind=kind), gate="landing/ga4")) == 1


def test_the_same_build_judged_twice_is_one_clean_run_and_a_relapse_begins_anew():
    incident = lifecycle.met(None, notice(), AT)
    for _ in range(3):
        incident = lifecycle.not_met(incident, "build 1", AT)
    assert not incident.resolved_at
    incident = lifecycle.met(incident, notice(), AT)
    incident = lifecycle.not_met(incident, "build 2", AT)
    assert not incident.resolved_at
    assert lifecycle.not_met(incident, "build 3", AT).resolved_at == AT


def finding(verdict: Any, at: datetime, **more: Any) -> Finding:
    known = {"incident_id": "f3a9c1", "family": "purchase_tag_dead", "system": "ga4"}
    return Finding(
        "mart", "open incidents", "fct_incidents", "warning", verdict, at, segment="safari",
        why="The purchase tag sends nothing", **known | more,
    )  # fmt: skip


def test_an_incident_of_the_mart_is_known_by_its_cause_and_keeps_what_is_said_of_it(
    company: AlertCompany,
):
    gates = company.folder / "var" / "acme" / "gates"
    said = {
        "urgency": "page", "owner": "web", "signals": ("event_capture", "events_per_id"),
        "suspected_change": "tag paused", "confidence": 0.8, "not_affected": "orders",
        "affected_amount_local": Decimal("12.50"), "currency_code": "EUR",
    }  # fmt: skip
    with listening() as kept:
        company.pagerduty(kept.url)
        for day, number in enumerate(("f3a9c1", "f3a9c1", "0b77aa")):
            at = AT + day * DAY
            keep(gates, Verdict("mart", (finding("warn", at, incident_id=number, **said),), at))
            on_call.report("mart")
        (incident,) = on_call.in_force().all_open()
        assert incident.notice.cause == "fct_incidents / purchase_tag_dead / ga4 / safari"
        assert incident.notice.signals == ("event_capture", "events_per_id")
        assert incident.notice.owner == "web" and incident.notice.severity == "page"
        assert incident.notice.amount == Decimal("12.50") and incident.runs == 3
        keep(gates, Verdict("mart", (finding("pass", AT + 4 * DAY, incident_id=""),), AT + 4 * DAY))
        on_call.report("mart")
        assert [body["event_action"] for body in kept.bodies()] == ["trigger", "resolve"]


def test_a_verdict_of_an_older_version_is_still_read(tmp_path: Path):
    path = keep(tmp_path, Verdict("mart", (finding("warn", AT),), AT))
    new = ("incident_id", "family", "system", "urgency", "owner", "signals", "suspected_change")
    lines = [yaml.safe_load(line) for line in path.read_text("utf-8").splitlines()]
    for name in (*new, "confidence", "not_affected"):
        del lines[1][name]
    path.write_text("\n".join(map(_json, lines)), "utf-8")
    verdict = last(tmp_path, "mart")
    assert verdict and verdict.findings[0].signals == () and verdict.findings[0].owner == ""


def _json(line: Any) -> str:
    import json

    return json.dumps(line, default=str)


# -- to whom


@pytest.fixture
def two(company: AlertCompany):
    with listening() as pager, listening() as team:
        company.pagerduty(pager.url)
        company.pagerduty(team.url, "team")
        yield pager, team


def test_routes_go_by_owner_severity_and_family(
    company: AlertCompany, two: tuple[Loopback, Loopback]
):
    pager, team = two
    company.alerts["routes"] = [
        {"owner": "marketing", "severity": "ticket", "to": ["team"]},
        {"family": "channel_unmapped", "to": []},
        {"severity": "page", "to": ["pager", "team"]},
        {"to": ["pager"]},
    ]
    company.write()
    company.meets(
        notice("one", owner="marketing"), notice("two", owner="marketing", urgency="page"),
        notice("three"), notice("four", family="channel_unmapped"),
    )  # fmt: skip
    heard = [{b["payload"]["component"] for b in kept.bodies()} for kept in (team, pager)]
    assert heard == [{"one", "two"}, {"two", "three"}]


def test_who_hears_later_hears_that_it_is_open_and_all_who_heard_hear_the_end(
    company: AlertCompany, two: tuple[Loopback, Loopback]
):
    pager, team = two
    company.alerts["routes"] = [{"severity": "page", "to": ["pager"]}, {"to": ["team"]}]
    company.write()
    company.meets(notice())
    company.meets(notice(urgency="page"))
    company.ends(CAUSE)
    for kept, summary in ((pager, "page opened"), (team, "ticket opened")):
        assert summary in kept.bodies()[0]["payload"]["summary"]
    assert [b["event_action"] for b in team.bodies()] == ["trigger", "trigger", "resolve"]
    assert [b["event_action"] for b in pager.bodies()] == ["trigger", "resolve"]


# -- quiet hours


@pytest.fixture
def quiet(company: AlertCompany):
    company.alerts["quiet_hours"] = {"start": "20:00", "end": "08:00"}
    with listening() as pager:
        company.pagerduty(pager.url)
        company.clock.at = datetime(2026, 9, 15, 21, 30, tzinfo=UTC)  # 22:30 in Lisbon
        yield pager


def test_at_night_tickets_wait_until_morning_and_pages_pass(company: AlertCompany, quiet: Loopback):
    company.meets(notice("slow loss"), notice("tag gone", urgency="page"))
    assert [body["payload"]["component"] for body in quiet.bodies()] == ["tag gone"]
    company.clock.goes_on(hours=9)  # 07:30 in Lisbon
    company.beats()
    assert len(quiet.requests) == 1
    company.clock.goes_on(hours=1)
    company.beats()
    assert [body["payload"]["component"] for body in quiet.bodies()] == ["tag gone", "slow loss"]


def test_what_is_over_before_morning_is_never_said(company: AlertCompany, quiet: Loopback):
    company.meets(notice())
    company.ends(CAUSE)
    company.clock.goes_on(hours=11)
    company.beats()
    assert quiet.requests == [] and not company.outbox.pending()


def test_a_ticket_that_becomes_a_page_at_night_wakes_once(company: AlertCompany, quiet: Loopback):
    company.meets(notice())
    company.meets(notice(urgency="page"))
    assert [body["payload"]["severity"] for body in quiet.bodies()] == ["error"]
    company.clock.goes_on(hours=11)
    company.beats()
    assert len(quiet.requests) == 1


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        ("2026-09-15T18:59:00Z", False), ("2026-09-15T19:00:00Z", True),
        ("2026-09-15T06:59:00Z", True), ("2026-09-15T07:00:00Z", False),
        ("2026-12-15T07:30:00Z", True), ("2026-12-15T08:00:00Z", False),
        ("2026-09-19T12:00:00Z", True), ("2026-09-21T12:00:00Z", False),
    ],
)  # fmt: skip
def test_quiet_hours_are_of_the_zone_and_of_weekends(moment: str, is_quiet: bool):
    hours = Alerts.model_validate({"quiet_hours": {"start": "20:00", "end": "08:00"}}).quiet_hours
    assert hours and hours.is_quiet(datetime.fromisoformat(moment), "Europe/Lisbon") is is_quiet


def test_yaml_reads_a_time_without_quotes_as_a_number_and_so_do_we():
    said = yaml.safe_load("quiet_hours: {start: 20:30, end: 08:00, weekend: false}")
    hours = Alerts.model_validate(said).quiet_hours
    assert hours and hours.start.isoformat() == "20:30:00"
    assert not hours.is_quiet(datetime(2026, 9, 19, 12, tzinfo=UTC), "UTC")


# -- mutes


def muted(company: AlertCompany, hours: float) -> None:
    until = company.clock.at + timedelta(hours=hours)
    on_call.in_force().change(
        [CAUSE], lambda one, at: lifecycle.muted(one, until, "ana", "known", at)
    )


def test_a_mute_is_quiet_until_it_expires_and_then_speaks_again(company: AlertCompany):
    with listening() as pager:
        company.pagerduty(pager.url)
        company.meets(notice())
        muted(company, 12)
        company.clock.goes_on(hours=11)
        company.meets(notice(amount=Decimal(10**6), urgency="page"))
        company.beats()
        assert len(pager.requests) == 1
        company.clock.goes_on(hours=1)
        for _ in range(3):
            company.beats()
        assert [body["event_action"] for body in pager.bodies()] == ["trigger", "trigger"]
        assert pager.bodies()[1]["payload"]["severity"] == "error"


def test_the_end_is_said_though_it_is_muted(company: AlertCompany):
    with listening() as pager:
        company.pagerduty(pager.url)
        company.meets(notice())
        muted(company, 12)
        company.ends(CAUSE)
        assert [body["event_action"] for body in pager.bodies()] == ["trigger", "resolve"]


def test_a_mute_made_by_a_clock_that_ran_ahead_does_not_last_until_then(company: AlertCompany):
    with listening() as pager:
        company.pagerduty(pager.url)
        company.clock.goes_on(days=400)
        company.meets(notice())
        muted(company, 12)
        company.clock.at = AT
        company.beats()
        assert len(pager.requests) == 2


def test_a_clock_that_is_a_little_behind_ends_no_mute():
    incident = lifecycle.muted(lifecycle.met(None, notice(), AT), AT + HOUR, "ana", "", AT)
    assert incident.is_muted(AT - timedelta(seconds=2))
    assert not incident.is_muted(AT + HOUR)


# -- the company file

MAIL = {"type": "email", "host": "mail.example.com", "sender": "a@b"}


def one(**receiver: Any) -> dict[str, Any]:
    return {"receivers": {"a": receiver}}


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"routes": [{"to": ["nobody"]}]}, "there is no receiver nobody"),
        (one(type="pager"), "does not match any of the expected tags"),
        (one(type="slack", channel="#general", credentials={"token": "t"}), "channel"),
        (one(type="webhook", credentials={"signing_key": "k"}), "url"),
        (one(**MAIL, to=["x\nBcc: y@z"]), "not an e-mail address"),
        (one(**MAIL, to=["c@d"], security="none"), "on this machine alone"),
        (one(**MAIL, to=["c@d"], user="u"), "go together"),
        (one(type="alertmanager", base_url="http://u:p@h"), "without a name"),
        ({"quiet_hours": {"start": "25:00", "end": "08:00"}}, "quiet_hours.start"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_section_is_named(section: dict[str, Any], said: str):
    with pytest.raises(ValidationError):
        Alerts.model_validate(section)
    _, problems = as_far_as_sound(section)
    assert said in "; ".join(problems)


def test_a_receiver_that_is_sound_hears_though_the_section_is_wrong(company: AlertCompany):
    with listening() as pager:
        company.pagerduty(pager.url)
        company.alerts["receivers"]["other"] = {"type": "telegraph"}
        company.alerts["routes"] = [{"to": ["other"]}]
        company.write()
        company.meets(notice())
        assert len(pager.requests) == 1


def test_incidents_keep_all_that_is_known_of_them(tmp_path: Path):
    incident = lifecycle.met(None, notice(confidence=0.25, not_affected="ads"), AT)
    incident = lifecycle.acknowledged(incident, "ana", "at work", AT + HOUR)
    incident = lifecycle.muted(incident, AT + DAY, "ana", "known", AT)
    incident_files.write(tmp_path, incident)
    kept: Incident | None = incident_files.read(tmp_path, CAUSE)
    assert kept == incident
