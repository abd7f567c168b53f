"""`trueup incidents`, `ack`, `mute`, `unmute`: short ids, one line each, and nothing obeyed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from trueup.__main__ import main
from trueup.alerts import by_hand, incident_files, lifecycle, on_call, outage
from trueup.alerts.incidents import LETTERS, short_id
from trueup.errors import TrueupError
from trueup.gates.findings import Finding, Verdict
from trueup.gates.verdicts import keep
from unit.alert_company import AT, CAUSE, AlertCompany, company, notice
from unit.alert_receivers import listening

__all__ = ["company"]

UNTOLD = [
    "1 open in the mart that nobody was notified of, as after steps by hand",
    "ccccc  open   since 2026-09-01  web: Consent fell (consent)",
]


@pytest.fixture
def said(company: AlertCompany, capsys: pytest.CaptureFixture[str]):
    """Types a command; what it prints."""
    company.clock.at = datetime.now(UTC) - timedelta(hours=50)

    def typed(*words: str) -> str:
        assert main(list(words)) == 0
        return capsys.readouterr().out

    return typed


def test_open_incidents_are_listed_with_age_severity_money_and_what_changed(
    company: AlertCompany, said
):
    assert said("incidents") == "nothing is open\n"
    company.meets(
        notice(suspected_change="tag 'purchase' paused", confidence=0.9, urgency="page"),
        outage.GROUP.member(notice("landing a1")),
    )
    first, *lines = said("incidents").splitlines()
    assert first == "1 open"
    assert lines[0].startswith(f"{short_id(CAUSE)}  page   2 d 2 h    warn: {CAUSE}: The purchase")
    assert "(3 % of 92 % expected)  1,200.50 EUR" in lines[0]
    assert lines[1].strip() == "changed just before: tag 'purchase' paused (90% sure)"
    company.clock.goes_on(hours=3)
    company.ends(CAUSE)
    listed = said("incidents").splitlines()
    assert listed[:2] == ["nothing is open", "1 over lately"] and "after 3 h 0 min" in listed[2]
    assert said("incidents", "--over", "0") == "nothing is open\n"


def test_what_was_over_before_anybody_could_be_notified_is_listed_with_its_days(
    company: AlertCompany, said
):
    mart = company.folder / "var" / "acme" / "mart.duckdb"
    mart.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(mart)) as con:
        con.execute("create schema health")
    assert said("incidents") == "nothing is open\n"  # a mart of before it had incidents
    with duckdb.connect(str(mart)) as con:
        con.execute(
            """
            create table health.fct_incidents as select * from (values
                ('aaaaaaaaaa', date '2026-07-19', date '2026-07-22', 'sender',
                    'Events are rejected', 'server_events_rejected', 'resolved'),
                ('bbbbbbbbbb', date '2026-08-01', date '2026-08-04', 'web', 'A tag is gone',
                    'tag_partial', 'resolved'),
                ('cccccccccc', date '2026-09-01', null, 'web', 'Consent fell', 'consent', 'open')
            ) as found (incident_id, onset_date, resolved_date, system, what, cause_family, status)
            """
        )
    assert said("incidents").splitlines() == [
        *UNTOLD,
        "2 that the mart found when they were over, and whose days it marks",
        "bbbbb  over   2026-08-01 to 2026-08-03  web: A tag is gone (tag_partial)",
        "aaaaa  over   2026-07-19 to 2026-07-21  sender: Events are rejected"
        " (server_events_rejected)",
    ]
    assert len(said("incidents", "--over", "1").splitlines()) == 4
    with pytest.raises(TrueupError, match="nobody was notified of ccccc.*next step: do what"):
        by_hand.acknowledge("ccccc", "")
    assert said("incidents", "--over", "0").splitlines() == UNTOLD


def test_what_steps_by_hand_found_is_said_to_be_reported_to_nobody(company: AlertCompany, said):
    found = [
        Finding(
            "mart", "rows", "fct_incidents", "warning", outcome, AT, family=family,
            incident_id=family, system="shop",
        )
        for family, outcome in (("tag_partial", "warn"), ("consent_changed", "pass"))
    ]  # fmt: skip
    folder = company.folder / "var" / "acme" / "gates"
    keep(folder, Verdict("mart", tuple(found), AT))
    assert said("incidents").splitlines() == [
        "nothing is open",
        "1 finding of the newest verdicts opened no incident, for steps by hand tell nobody:"
        " `trueup status` lists them",
    ]
    on_call.report("mart")
    assert said("incidents").startswith("1 open") and "opened no incident" not in said("incidents")


def test_ids_are_short_typeable_and_enough_of_one_is_enough(company: AlertCompany, said):
    company.meets(notice("one"), notice("two", incident_id="f3a9c1d2"))
    one, two = short_id("one"), short_id("two")
    assert len(one) == 5 and set(one + two) <= set(LETTERS)
    assert f"{one} acknowledged by" in said("ack", one[:3])
    assert f"{two} acknowledged by" in said("ack", "f3a9c1", "--why", "rolling back")
    assert f"{one} acknowledged" in said("ack", "one")
    with pytest.raises(TrueupError, match=f"no open incident is called so.*{one}"):
        by_hand.acknowledge("zzzz9", "")
    assert "acknowledged by" in said("incidents") and "rolling back" in said("incidents")


def test_an_id_of_what_is_over_is_answered_with_since_when(company: AlertCompany):
    company.meets(notice("one"))
    company.ends("one")
    (closed,) = incident_files.closed(on_call.in_force().state.incidents, 1)
    since = f"{closed.resolved_at:%Y-%m-%d %H:%M}Z"
    with pytest.raises(TrueupError, match=f"{short_id('one')} is over since {since}; got: one"):
        by_hand.acknowledge(short_id("one"), "")


def test_an_id_that_two_have_names_neither(company: AlertCompany, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("trueup.alerts.incidents.short_id", lambda cause: "bcdfg")
    company.meets(notice("one"), notice("two"))
    with pytest.raises(TrueupError, match=r"several open incidents .*\(one\); bcdfg \(two\)"):
        by_hand.acknowledge("bcdfg", "")
    by_hand.acknowledge("two", "")
    assert [bool(x.acknowledged_by) for x in on_call.in_force().all_open()] == [False, True]


def test_a_mute_is_said_with_its_end_and_taken_back(company: AlertCompany, said):
    with listening() as pager:
        company.pagerduty(pager.url)
        company.meets(notice())
        printed = said("mute", short_id(CAUSE), "--until", "3d", "--why", "a sale \x1b[2J")
        assert "muted until 2" in printed
        listed = said("incidents")
        assert "muted by" in listed and "a sale" in listed and "\x1b" not in listed
        company.clock.at = datetime.now(UTC)
        company.meets(notice(urgency="page"))
        assert len(pager.requests) == 1
        assert "speaks again" in said("unmute", short_id(CAUSE))
        assert len(pager.requests) == 2 and "muted" not in said("incidents")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("90m", AT + timedelta(minutes=90)),
        ("12h", AT + timedelta(hours=12)),
        ("3d", AT + timedelta(days=3)),
        ("2 w", AT + timedelta(weeks=2)),
        ("2026-09-20", datetime(2026, 9, 19, 23, tzinfo=UTC)),
        ("2026-09-16T08:00:00+02:00", datetime(2026, 9, 16, 6, tzinfo=UTC)),
        ("2026-09-16T06:00:00Z", datetime(2026, 9, 16, 6, tzinfo=UTC)),
    ],
)
def test_ends_of_a_mute(text: str, end: datetime):
    assert by_hand.moment(text, AT, "Europe/Lisbon") == end


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "0h", "-3d", "2026-09-15", "2026-09-14", "91d", "99999w", "2027-01-01",
     "2026-09-16T06:00:00", "2026-02-30", "1e3h", "٣d\x1b"],
)  # fmt: skip
def test_what_is_no_end_of_a_mute_is_refused(text: str):
    with pytest.raises(TrueupError, match="12h or 3d"):
        by_hand.moment(text, AT, "Europe/Lisbon")


def test_a_mute_has_a_reason(company: AlertCompany, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["mute", "bcdfg", "--until", "3d"])
    assert "--why" in capsys.readouterr().err


def test_no_name_does_anything_to_a_terminal(company: AlertCompany, said):
    evil = "x\x1b]0;pwned\x07\x1b[2J\r\n\u202egnp.exe\u2028\x9b31m\x00"
    company.meets(notice(evil, suspected_change=evil, kind="hold"))
    (incident,) = on_call.in_force().all_open()
    on_call.in_force().change([evil], lambda one, at: lifecycle.acknowledged(one, evil, evil, at))
    text = said("incidents") + said("ack", incident.id) + said("mute", incident.id, "--until", "1h",
                                                               "--why", evil)  # fmt: skip
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    with pytest.raises(TrueupError) as refused:
        by_hand.acknowledge("nobody", "")
    assert str(refused.value).isprintable()
