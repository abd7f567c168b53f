"""What was decided is said, once: over a kill, a clock set back, two runs at once, and receivers
that do not answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from trueup.alerts import incident_files, on_call, standing
from unit.alert_company import AT, AlertCompany, company, notice
from unit.alert_receivers import Loopback, listening

__all__ = ["company"]
ROOT = Path(__file__).parents[2]

#: Reports a cause in a process of its own, which ends itself where the test says.
REPORTS = """
import os, signal, sys
from trueup.alerts import delivery, incident_files, incident_book, on_call, outbox
from unit.alert_company import notice

place = sys.argv[1]

def end(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def ends_after(owner, name):
    real = getattr(owner, name)
    def ending(*args, **options):
        real(*args, **options)
        end()
    setattr(owner, name, ending)

if place == "incident written":
    ends_after(incident_files, "write")
elif place == "first of two queued":
    ends_after(outbox.Outbox, "_write")
elif place == "over, not archived":
    incident_files.archive = end
    on_call.notify(notice())
    on_call.resolve(notice().cause)
elif place == "all queued":
    ends_after(outbox.Outbox, "queue")
elif place == "before the first try":
    delivery.deliver = end
elif place == "sent, answer not noted":
    outbox.Outbox.done = end
elif place == "noted, not moved":
    outbox.Outbox._move = end
on_call.notify(notice())
"""


@pytest.fixture
def pager(company: AlertCompany):
    with listening() as kept:
        company.pagerduty(kept.url)
        yield kept


def said(pager: Loopback) -> list[str]:
    return [body["event_action"] for body in pager.bodies()]


def in_a_process(place: str) -> int:
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'plugins'}:{ROOT / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", REPORTS, place], env=env, timeout=60)
    return done.returncode


@pytest.mark.parametrize(
    "place",
    [
        "incident written",
        "first of two queued",
        "all queued",
        "before the first try",
        "noted, not moved",
    ],
)
def test_a_process_that_is_killed_before_it_delivers_loses_nothing_and_says_nothing_twice(
    company: AlertCompany, pager: Loopback, place: str
):
    with listening() as other:
        if place != "noted, not moved":  # which is one receiver's, while another may be sending
            company.hook(other.url)
        assert in_a_process(place) == -signal.SIGKILL
        for _ in range(2):
            company.beats()
        assert said(pager) == ["trigger"]
        company.ends("purchase tag dead")
        company.beats()
        assert said(pager) == ["trigger", "resolve"]
        heard = [body["event"] for body in other.bodies()]
        assert heard == ([] if place == "noted, not moved" else ["opened", "resolved"])


def test_a_process_that_is_killed_while_it_closes_an_incident_closes_it_once(
    company: AlertCompany, pager: Loopback
):
    assert in_a_process("over, not archived") == -signal.SIGKILL
    company.meets(notice())
    company.beats()
    assert said(pager) == ["trigger", "resolve", "trigger"]
    over = incident_files.closed(company.folder / "var" / "acme" / "incidents", 10)
    assert len(over) == 1 and len(on_call.in_force().all_open()) == 1


def test_what_was_said_of_what_is_over_is_forgotten_in_time(company: AlertCompany, pager: Loopback):
    company.meets(notice("over"), notice("lasts"))
    company.ends("over")
    month_ago = time.time() - 31 * 24 * 3600
    for path in company.outbox.sent_folder.iterdir():
        os.utime(path, (month_ago, month_ago))
    company.beats()
    assert len(list(company.outbox.sent_folder.iterdir())) == 1
    company.ends("lasts")
    assert said(pager)[-1] == "resolve"


def test_where_the_answer_was_lost_the_same_message_is_sent_again_under_the_same_name(
    company: AlertCompany, pager: Loopback
):
    with listening() as other:
        company.hook(other.url)
        assert in_a_process("sent, answer not noted") == -signal.SIGKILL
        company.beats()
        company.beats()
        first, *again = [body["dedup_key"] for body in pager.bodies()]
        assert again in ([], [first])
        ids = {request.headers["Trueup-Message"] for request in other.requests}
        assert len(ids) == 1 and 1 <= len(other.requests) <= 2


def test_two_runs_at_once_say_it_once(company: AlertCompany, pager: Loopback):
    pager.hangs = 0.3
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'plugins'}:{ROOT / 'tests'}"}
    runs = [subprocess.Popen([sys.executable, "-c", REPORTS, "nowhere"], env=env) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert said(pager) == ["trigger"]
    (incident,) = on_call.in_force().all_open()
    assert incident.runs == 3


def test_a_receiver_that_does_not_answer_keeps_nobody_waiting(
    company: AlertCompany, pager: Loopback, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("trueup.alerts.delivery.PATIENCE_SECONDS", 1.0)
    with listening() as silent:
        silent.hangs = 20
        company.hook(silent.url)
        started = time.monotonic()
        company.meets(notice())
        assert time.monotonic() - started < 8
        assert said(pager) == ["trigger"]
    assert [entry.receiver for entry in company.outbox.pending()] == ["hook"]


@pytest.mark.parametrize("status", [429, 500, 503, 401, 404])
def test_a_receiver_that_refuses_is_asked_again_later_and_no_sooner_than_it_asks(
    company: AlertCompany, pager: Loopback, status: int, capsys: pytest.CaptureFixture[str]
):
    pager.answers = [(status, {"Retry-After": "90"} if status == 429 else {}, "R-SECRET-KEY")] * 2
    company.meets(notice())
    company.clock.goes_on(seconds=10)
    company.beats()
    assert len(pager.requests) == 1, "it is left alone for a while"
    company.clock.goes_on(seconds=81)
    company.beats()
    company.clock.goes_on(seconds=91)
    company.beats()
    assert said(pager) == ["trigger"] * 3
    assert not company.outbox.pending()
    printed = capsys.readouterr().out
    assert f"HTTP {status}" in printed
    assert "SECRET" not in printed and pager.url not in printed


def test_a_receiver_that_will_answer_soon_is_waited_for(company: AlertCompany, pager: Loopback):
    pager.answers = [(429, {"Retry-After": "0.2"}, "")]
    company.meets(notice())
    assert said(pager) == ["trigger", "trigger"]


def test_a_message_that_will_never_be_taken_is_given_up_and_the_rest_is_sent(
    company: AlertCompany, pager: Loopback
):
    pager.answers = [(400, {}, "")]
    company.meets(notice("one"), notice("two"))
    company.beats()
    assert len(pager.requests) == 2 and not company.outbox.pending()


def test_waits_grow_and_end_with_the_first_answer():
    known = standing.Standing()
    waits = []
    for _ in range(12):
        known = known.failed(AT, None, "HTTP 500")
        waits.append(known.wait_seconds)
    assert waits[:3] == [15, 30, 60] and waits[-1] == standing.LONGEST_WAIT
    assert known.failed(AT, 1e9, "").wait_seconds == standing.LONGEST_ASKED
    assert known.delivered(AT).wait(AT) == 0


def test_a_clock_set_back_neither_loses_nor_repeats(company: AlertCompany, pager: Loopback):
    pager.answers = [(500, {}, "")]
    company.clock.goes_on(days=400)  # it runs ahead by a year
    company.meets(notice())
    company.clock.at = AT
    company.beats()
    assert said(pager) == ["trigger", "trigger"], "not waited for until the year is over"
    company.meets(notice())
    company.beats()
    assert len(pager.requests) == 2
    company.ends("purchase tag dead")
    assert said(pager)[2:] == ["resolve"]
    company.meets(notice())
    assert said(pager)[3:] == ["trigger"], "it opened anew"


def test_order_is_that_of_decisions_whatever_the_clock_says(company: AlertCompany, pager: Loopback):
    pager.answers = [(500, {}, ""), None]
    company.meets(notice())
    company.clock.at -= AT - AT.replace(year=2025)
    company.beats()  # its answer is lost
    company.clock.goes_on(minutes=10)
    company.ends("purchase tag dead")
    company.clock.goes_on(minutes=10)
    company.meets(notice())
    assert said(pager)[-3:] == ["trigger", "resolve", "trigger"]


def test_the_history_of_what_is_over_is_kept_and_bounded(
    company: AlertCompany, pager: Loopback, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(incident_files, "MOST_CLOSED", 4)
    for number in range(9):
        company.meets(notice(f"cause {number}"))
        company.clock.goes_on(hours=1)
        company.ends(f"cause {number}")
    folder = company.folder / "var" / "acme" / "incidents"
    kept = incident_files.closed(folder, 100)
    assert [one.notice.cause for one in kept][:4] == [f"cause {n}" for n in (8, 7, 6, 5)]
    assert len(kept) <= 6
    assert kept[0].resolved_at and kept[0].resolved_at - kept[0].opened_at == AT.resolution * 36e8
    assert not list(folder.glob("*.json"))


def test_a_receiver_that_does_not_hear_is_an_incident_of_which_the_others_hear(
    company: AlertCompany, pager: Loopback
):
    with listening() as other:
        company.hook(other.url)
        other.answers = [(401, {}, "")] * 40
        company.meets(notice())
        for _ in range(8):
            company.clock.goes_on(minutes=10)
            company.beats()
        assert said(pager) == ["trigger", "trigger"]
        alert = pager.bodies()[1]["payload"]
        assert "receiver hook: does not take messages" in alert["summary"]
        assert "HTTP 401" in alert["summary"] and "SECRET" not in str(alert)
        other.answers = []
        company.clock.goes_on(hours=1)
        company.beats()
        assert said(pager) == ["trigger", "trigger", "resolve"]
        heard = [body for body in other.bodies() if body["event"] != "opened"]
        assert heard == [], "it is not notified of itself"


def test_a_message_refused_for_good_is_reported_to_the_others(
    company: AlertCompany, pager: Loopback
):
    with listening() as other:
        company.hook(other.url)
        other.answers = [(400, {}, "")]
        company.meets(notice())
        assert "refused a message for good" in pager.bodies()[-1]["payload"]["summary"]
        company.clock.goes_on(days=1)
        company.beats()
        assert said(pager) == ["trigger", "trigger", "resolve"]


def test_what_was_sent_is_not_queued_again_though_nobody_noted_that_it_was_queued(
    company: AlertCompany, pager: Loopback
):
    """A process was killed after it had queued a message, and another sent it before any came to
    finish for the first."""
    company.meets(notice())
    company.meets(notice(urgency="page"))
    book = on_call.in_force()
    (incident,) = book.all_open()
    incident_files.write(book.state.incidents, replace(incident, queued=0))
    company.beats()
    assert said(pager) == ["trigger", "trigger"]
    assert [one.queued for one in book.all_open()] == [2]


def test_what_may_have_been_heard_is_ended_too(company: AlertCompany, pager: Loopback):
    assert in_a_process("sent, answer not noted") == -signal.SIGKILL
    company.ends("purchase tag dead")
    assert said(pager)[-1] == "resolve" and not company.outbox.pending()


def refuses(pager: Loopback, cause: str, status: int) -> None:
    """The receiver cannot take what speaks of `cause`."""
    taken = (202, {}, {"status": "success"})
    pager.usual = lambda request: (status, {}, "") if cause in request.raw.decode() else taken


@pytest.mark.parametrize("status", [500, 502])
@pytest.mark.parametrize("gathers", [False, True])
def test_a_message_that_breaks_its_receiver_keeps_no_other_back(
    company: AlertCompany, pager: Loopback, status: int, gathers: bool
):
    refuses(pager, "poison", status)
    if gathers:
        company.alerts["receivers"].clear()
        company.hook(pager.url)
    company.meets(notice("poison"), notice("two"))
    for _ in range(12):
        company.clock.goes_on(hours=1)
        company.beats()
    company.meets(notice("three"))
    company.clock.goes_on(hours=1)
    company.beats()
    assert {entry.incident.notice.cause for entry in company.outbox.pending()} == {"poison"}


@pytest.mark.parametrize("status", [400, 413])
def test_of_several_refused_together_only_the_one_that_is_refused_alone_is_given_up(
    company: AlertCompany, pager: Loopback, status: int
):
    refuses(pager, "cause 4", status)
    company.alerts["receivers"].clear()
    company.hook(pager.url)
    company.meets(*(notice(f"cause {number}") for number in range(9)))
    assert not company.outbox.pending()
    sent = [json.loads(path.read_text()) for path in company.outbox.sent_folder.glob("*.json")]
    given_up = [x["incident"]["notice"]["cause"] for x in sent if x["outcome"] != "delivered"]
    assert given_up == ["cause 4"]


def test_a_receiver_nobody_can_speak_with_is_reported_to_the_others(
    company: AlertCompany, pager: Loopback, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_: object) -> str:
        raise UnicodeEncodeError("ascii", "pä", 1, 2, "ordinal not in range(128)")

    with listening() as other:
        company.hook(other.url)
        monkeypatch.setattr("trueup.alerts.receivers.webhook.Webhook.send", breaks)
        company.meets(notice())
        company.clock.goes_on(hours=2)
        company.beats()
    summary = pager.bodies()[-1]["payload"]["summary"]
    assert "receiver hook: does not take messages" in summary
    assert "UnicodeEncodeError" in summary


def test_a_failure_of_the_future_hides_no_silent_receiver():
    known = standing.Standing().failed(AT.replace(year=AT.year + 1), None, "HTTP 500")
    known = known.failed(AT, None, "HTTP 500")
    assert known.failing_since == AT


def test_what_another_process_moved_meanwhile_is_no_error(company: AlertCompany, pager: Loopback):
    pager.answers = [(500, {}, "")]
    company.meets(notice())
    (entry,) = company.outbox.pending()
    company.outbox.done([entry], "delivered")
    company.outbox._move(company.outbox.pending_folder / entry.name)
    assert not company.outbox.pending()


def test_a_line_of_the_history_that_was_cut_off_costs_no_other(
    company: AlertCompany, pager: Loopback
):
    for number in range(3):
        company.meets(notice(f"cause {number}"))
        company.ends(f"cause {number}")
        path = company.folder / "var" / "acme" / "incidents" / incident_files.CLOSED
        path.write_bytes(path.read_bytes() + b'{"notice": {"cause": "cut')
    kept = incident_files.closed(path.parent, 10)
    assert [one.notice.cause for one in kept] == ["cause 2", "cause 1", "cause 0"]
