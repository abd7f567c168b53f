"""A webhook on loopback: what it gets is signed, and a success in name alone is none."""

from __future__ import annotations

import hashlib
import hmac
import time

import pytest

from unit.alert_company import AlertCompany, company, lives, notice
from unit.alert_receivers import listening

__all__ = ["company"]


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
