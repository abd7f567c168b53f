"""What holds of every receiver: where it may be, its secret, and what the others hear of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from trueup.alerts import lifecycle, on_call
from unit.alert_company import CAUSE, AlertCompany, company, notice
from unit.alert_receivers import Loopback, listening
from unit.mail_server import MailServer, mail_server
from unit.slack_chat import chat, posts

__all__ = ["chat", "company", "mail_server"]


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


def test_a_receiver_without_its_secret_says_so_and_is_notified_later(
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


def test_a_mailbox_that_is_refused_is_reported_to_the_other_receivers(
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
