"""A channel of Slack on loopback, which gives every message its number."""

from __future__ import annotations

from typing import Any

import pytest

from unit.alert_company import AlertCompany, company
from unit.alert_receivers import Loopback, Request, listening

__all__ = ["company"]


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
