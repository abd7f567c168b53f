"""Slack on loopback: an incident is a thread of its own, whatever becomes of an answer."""

from __future__ import annotations

import re
import time

import pytest

from trueup.alerts.receivers import slack
from unit.alert_company import CAUSE, AlertCompany, company, lives, notice
from unit.alert_receivers import Loopback
from unit.slack_chat import chat, posts

__all__ = ["chat", "company"]


def test_an_incident_is_a_thread_in_slack(company: AlertCompany, chat: Loopback):
    lives(company)
    first, *replies = posts(chat)
    assert "thread_ts" not in first
    assert [one["thread_ts"] for one in replies] == ["1700000000.000001"] * 4
    assert [re.search(r"\] 1 (\w+)", one["text"])[1] for one in posts(chat)] == [
        "opened", *["updated"] * 3, "resolved",
    ]  # fmt: skip
    (edit,) = [one.body for one in chat.requests if one.path == "/api/chat.update"]
    assert edit["ts"] == "1700000000.000001" and "resolved" in edit["text"]
    assert {one.headers["Authorization"] for one in chat.requests} == {"Bearer xoxb-SECRET"}
    assert len({one["client_msg_id"] for one in posts(chat)}) == 5
    assert all(one["channel"] == "C0123ABC" for one in posts(chat))


def test_another_opening_is_another_thread(company: AlertCompany, chat: Loopback):
    for _ in range(2):
        company.meets(notice())
        company.ends(CAUSE)
    assert ["thread_ts" in one for one in posts(chat)] == [False, True, False, True]
    assert len({one["thread_ts"] for one in posts(chat) if "thread_ts" in one}) == 2


def test_a_lost_answer_of_slack_is_asked_for_again_under_the_same_id(
    company: AlertCompany, chat: Loopback
):
    chat.answers = [None]
    company.meets(notice())
    company.clock.goes_on(minutes=5)
    company.beats()
    ids = [one["client_msg_id"] for one in posts(chat)]
    assert len(ids) == 2 and len(set(ids)) == 1
    assert (
        posts(chat)[0]["metadata"]["event_payload"] == posts(chat)[1]["metadata"]["event_payload"]
    )


@pytest.mark.parametrize(
    "error", ["invalid_auth", "channel_not_found", "ratelimited", "xoxb-SECRET"]
)
def test_what_slack_refuses_waits_and_no_answer_is_shown(
    company: AlertCompany, chat: Loopback, error: str, capsys: pytest.CaptureFixture[str]
):
    chat.answers = [(200, {}, {"ok": False, "error": error})]
    company.meets(notice())
    assert company.outbox.pending()
    assert "SECRET" not in capsys.readouterr().out
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(posts(chat)) == 2 and not company.outbox.pending()


def test_a_thread_that_is_gone_is_begun_anew(company: AlertCompany, chat: Loopback):
    company.meets(notice())
    chat.answers = [
        (200, {}, {"ok": False, "error": "message_not_found"}),
        (200, {}, {"ok": False, "error": "thread_not_found"}),
    ]
    company.ends(CAUSE)
    assert "thread_ts" not in posts(chat)[-1] and "resolved" in posts(chat)[-1]["text"]
    assert not company.outbox.pending()


def test_nothing_in_a_name_calls_a_whole_channel(company: AlertCompany, chat: Loopback):
    company.meets(notice(cause="<!channel> & <https://x|y>", query="x" * 9000))
    text = posts(chat)[0]["text"]
    assert "<" not in text and "&lt;!channel&gt; &amp;" in text and len(text) <= slack.LONGEST_TEXT


def test_a_long_digest_ends_between_lines_and_says_how_many_are_left(
    company: AlertCompany, chat: Loopback
):
    company.meets(*(notice(f"cause {number:02d}", how_much="w" * 90) for number in range(50)))
    *lines, last = posts(chat)[-1]["text"].split("\n")
    assert len("\n".join(lines)) < slack.LONGEST_TEXT and "50 opened" in lines[0]
    left = int(re.search(r"^\((\d+) more lines: `trueup incidents` lists", last)[1])
    assert left > 10 and not any(line.endswith("…") for line in lines)


def test_slack_hears_no_more_than_about_a_message_a_second(
    company: AlertCompany, chat: Loopback, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("trueup.alerts.channels.PAUSE_SECONDS", 0.5)
    started = time.monotonic()
    company.meets(*(notice(f"cause {number}") for number in range(3)))
    assert len(posts(chat)) == 3 and time.monotonic() - started >= 1
    company.meets(*(notice(f"more {number}") for number in range(30)))
    assert len(posts(chat)) == 4 and "30 opened" in posts(chat)[-1]["text"]


def test_a_channel_that_is_closed_to_us_can_be_opened(company: AlertCompany, chat: Loopback):
    chat.answers = [(200, {}, {"ok": False, "error": "restricted_action"})]
    company.meets(notice())
    assert company.outbox.pending()
