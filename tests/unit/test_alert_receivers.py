"""Slack, e-mail, Alertmanager, signed webhook on loopback: one beginning, n updates, one end."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trueup.alerts import lifecycle, on_call
from trueup.alerts.receivers import alertmanager, slack
from unit.alert_company import AT, AlertCompany, company, notice
from unit.alert_receivers import Loopback, Request, listening
from unit.mail_server import MailServer, mail_server

__all__ = ["company", "mail_server"]
CAUSE = "purchase tag dead"


def lives(company: AlertCompany, updates: int = 3) -> None:
    """An incident begins, grows on each of some days, is acknowledged, and ends."""
    company.meets(notice())
    for day in range(1, updates + 1):
        company.clock.goes_on(days=1)
        company.meets(notice(amount=Decimal(2000 * 3**day)))
    company.ends(CAUSE)


# -- Slack


@pytest.fixture
def chat(company: AlertCompany, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("trueup.alerts.channels.PAUSE_SECONDS", 0.05)

    def answer(request: Request) -> Any:
        ts = request.body.get("ts") or f"1700000000.{len(kept.requests):06d}"
        return 200, {}, {"ok": True, "ts": ts, "channel": "C0123ABC"}

    with listening(answer) as kept:
        company.hears(
            "team", "slack", {"token": "xoxb-SECRET"}, channel="C0123ABC", base_url=kept.url
        )
        yield kept


def posts(chat: Loopback) -> list[dict[str, Any]]:
    return [one.body for one in chat.requests if one.path == "/api/chat.postMessage"]


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
def test_what_slack_refuses_waits_and_no_answer_is_told(
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


def test_slack_hears_no_more_than_about_a_message_a_second(
    company: AlertCompany, chat: Loopback, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("trueup.alerts.channels.PAUSE_SECONDS", 0.5)
    started = time.monotonic()
    company.meets(*(notice(f"cause {number}") for number in range(3)))
    assert len(posts(chat)) == 3 and time.monotonic() - started >= 1
    company.meets(*(notice(f"more {number}") for number in range(30)))
    assert len(posts(chat)) == 4 and "30 opened" in posts(chat)[-1]["text"]


# -- e-mail


def test_an_incident_is_a_thread_of_mails(company: AlertCompany, mail_server: MailServer):
    mail_server.heard_by(company)
    lives(company)
    first, *replies = mail_server.mails
    assert len(replies) == 4
    assert first["References"] is None
    assert {mail["References"] for mail in replies} == {first["Message-ID"]}
    assert {mail["In-Reply-To"] for mail in replies} == {first["Message-ID"]}
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 5
    assert re.fullmatch(r"<trueup\.\w+@example\.com>", first["Message-ID"])
    assert first["To"] == "on-call@example.com, cfo@example.com"
    assert "[acme] ticket opened: purchase tag dead" in first["Subject"]
    assert "trueup query --build" in first.get_content()
    assert mail_server.logins == [("trueup", "P-SECRET")] * 5
    assert mail_server.were_encrypted == [True] * 5


def test_no_name_adds_a_header(company: AlertCompany, mail_server: MailServer):
    mail_server.heard_by(company)
    company.meets(notice(cause="tag\r\nBcc: thief@example.com\n\nhello"))
    (mail,) = mail_server.mails
    assert mail["Bcc"] is None and "Bcc: thief" in mail["Subject"]
    assert mail_server.recipients == [["on-call@example.com", "cfo@example.com"]]


def test_a_lost_answer_of_a_mail_server_is_asked_for_again_with_the_same_message_id(
    company: AlertCompany, mail_server: MailServer
):
    mail_server.heard_by(company)
    mail_server.hangs_up_after_data = 1
    company.meets(notice())
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(mail_server.mails) == 2
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 1


@pytest.mark.parametrize("code", [421, 451, 535, 550])
def test_a_mail_server_that_refuses_is_asked_again(
    company: AlertCompany, mail_server: MailServer, code: int, capsys: pytest.CaptureFixture[str]
):
    mail_server.heard_by(company)
    mail_server.refuses = [code]
    company.meets(notice())
    assert company.outbox.pending() and not mail_server.mails
    assert "SECRET" not in capsys.readouterr().out
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(mail_server.mails) == 1


def test_what_goes_wrong_after_a_mail_was_taken_changes_nothing(
    company: AlertCompany, mail_server: MailServer
):
    mail_server.heard_by(company)
    mail_server.parts_badly = True
    company.meets(notice())
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(mail_server.mails) == 1 and not company.outbox.pending()


def test_a_mail_server_without_encryption_gets_no_password(
    company: AlertCompany, mail_server: MailServer, capsys: pytest.CaptureFixture[str]
):
    mail_server.heard_by(company)
    mail_server.offers_starttls = False
    company.meets(notice())
    assert "offers no STARTTLS" in capsys.readouterr().out
    assert company.outbox.pending() and not mail_server.logins


def test_a_mail_server_nobody_vouches_for_gets_no_password(
    company: AlertCompany, mail_server: MailServer
):
    mail_server.heard_by(company, ca_file=None)
    company.meets(notice())
    assert company.outbox.pending() and not mail_server.logins


# -- Alertmanager


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


def test_an_alert_lasts_past_the_next_run_and_is_told_again_while_it_lasts(
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


# -- the webhook


def test_what_a_webhook_gets_is_signed(company: AlertCompany):
    with listening() as kept:
        secrets = {"url": f"{kept.url}/hook", "signing_key": "K-SECRET"}
        company.hears("hook", "webhook", secrets)
        lives(company, updates=2)
    assert [body["event"] for body in kept.bodies()] == ["opened", "updated", "updated", "resolved"]
    for request in kept.requests:
        stamp = request.headers["Trueup-Timestamp"]
        assert abs(int(stamp) - time.time()) < 60
        digest = hmac.new(b"K-SECRET", f"{stamp}.".encode() + request.raw, hashlib.sha256)
        assert request.headers["Trueup-Signature"] == f"v1={digest.hexdigest()}"
        assert request.body["id"] == request.headers["Trueup-Message"]
    assert b"SECRET" not in b"".join(request.raw for request in kept.requests)


def test_without_a_key_nothing_is_signed(company: AlertCompany):
    with listening() as kept:
        company.hook(kept.url)
        company.meets(notice())
    assert "Trueup-Signature" not in kept.requests[0].headers


# -- all of them


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("slack", {"channel": "C0123ABC", "base_url": "http://169.254.169.254"}),
        ("pagerduty", {"base_url": "http://[fd00:ec2::254]"}),
        ("alertmanager", {"base_url": "http://0x7f000001:9093"}),
        ("email", {"host": "169.254.169.254", "sender": "a@b.c", "to": ["d@e.f"]}),
    ],
)
def test_no_receiver_is_a_metadata_service_or_this_machine_by_another_name(
    company: AlertCompany,
    kind: str,
    more: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def never(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.setattr("socket.create_connection", never)
    secrets = {"slack": {"token": "T"}, "pagerduty": {"routing_key": "R"}}.get(kind, {})
    company.hears("one", kind, secrets, **more)
    company.meets(notice())
    said = capsys.readouterr().out
    assert re.search(r"'s host is (a link-local or metadata address|this machine itself)", said)
    assert company.outbox.pending("one")


def test_a_receiver_without_its_secret_says_so_and_is_told_later(
    company: AlertCompany, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with listening() as kept:
        company.pagerduty(kept.url)
        monkeypatch.delenv("TRUEUP_SECRET_PAGER_ROUTING_KEY")
        company.meets(notice())
        assert "set TRUEUP_SECRET_PAGER_ROUTING_KEY" in capsys.readouterr().out
        monkeypatch.setattr(on_call, "secret_lookups", ({"pager_routing_key": "R2"}.get,))
        company.clock.goes_on(hours=1)
        company.beats()
        assert [body["routing_key"] for body in kept.bodies()] == ["R2"]


def test_an_acknowledgement_is_heard_by_who_knows_the_incident(
    company: AlertCompany, chat: Loopback
):
    company.meets(notice())
    on_call.in_force().change(
        [CAUSE], lambda one, at: lifecycle.acknowledged(one, "ana", "rolling back", at)
    )
    company.beats()
    assert (
        "acknowledged" in posts(chat)[1]["text"] and "ana, rolling back" in posts(chat)[1]["text"]
    )
    assert posts(chat)[1]["thread_ts"] == "1700000000.000001"


TEAMS = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error"


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (f"{TEAMS} 429 with ContextId tcid=0", True),
        (f"{TEAMS} 400 with ContextId tcid=0", True),
        (f"{TEAMS} 413 with ContextId tcid=0", False),
        ("Webhook message delivery failed with error: Error contacting the endpoint", True),
        ({"ok": False, "error": "x"}, True),
        ({"success": False}, True),
        ("1", None),
        ("ok", None),
        ({"ok": True}, None),
    ],
)
def test_a_success_in_name_alone_is_none(company: AlertCompany, answer: object, waits: bool | None):
    with listening() as hook:
        company.hook(hook.url)
        hook.answers = [(200, {}, answer)]
        company.meets(notice())
        assert bool(company.outbox.pending()) == bool(waits)
        outcomes = [path.read_text() for path in company.outbox.sent_folder.glob("*.json")]
        assert any("given up" in text for text in outcomes) == (waits is False)


def test_the_page_of_a_proxy_is_no_answer_of_an_alertmanager(
    company: AlertCompany, manager: Loopback
):
    manager.answers = [(200, {}, b"<!doctype html><title>sign in</title>")]
    company.meets(notice())
    assert company.outbox.pending()


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        ("552 5.2.2 P-SECRET: mailbox full", True),
        ("552 exceeded storage allocation", True),
        ("556 domain does not accept mail", True),
        ("554 5.7.1 blocked by a list", True),
        ("552 5.3.4 message too big", False),
        ("554 5.6.0 malformed", False),
    ],
)
def test_only_what_is_wrong_with_a_mail_itself_is_given_up(
    company: AlertCompany, mail_server: MailServer, answer: str, waits: bool
):
    mail_server.heard_by(company)
    mail_server.refuses_data = [answer]
    company.meets(notice())
    assert bool(company.outbox.pending()) == waits


def test_a_mailbox_that_is_refused_is_told_to_the_other_receivers(
    company: AlertCompany, mail_server: MailServer, chat: Loopback
):
    mail_server.heard_by(company)
    mail_server.refuses_recipient = "on-call@example.com"
    company.meets(notice())
    assert mail_server.recipients == [["cfo@example.com"]] and not company.outbox.pending()
    said = posts(chat)[-1]["text"]
    assert "receiver mail" in said and "refuses 1 of 2 recipients (SMTP 550)" in said
    company.ends(CAUSE)
    first, last = (mail for mail in mail_server.mails if CAUSE in mail["Subject"])
    assert last["References"] == first["Message-ID"]


def test_a_channel_that_is_closed_to_us_can_be_opened(company: AlertCompany, chat: Loopback):
    chat.answers = [(200, {}, {"ok": False, "error": "restricted_action"})]
    company.meets(notice())
    assert company.outbox.pending()
