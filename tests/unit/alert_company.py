"""A company with an `alerts:` section, its incidents, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup.alerts import delivery, incident_book, on_call
from trueup.alerts.incidents import Kind, Notice
from trueup.alerts.outbox import Outbox

AT = datetime(2026, 9, 15, 10, tzinfo=UTC)  # a Tuesday, 11:00 in Lisbon
#: What the notices of these tests are about, where a test does not say otherwise.
CAUSE = "purchase tag dead"


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def now(self, zone: Any = None) -> datetime:
        return self.at

    def goes_on(self, **by: float) -> None:
        self.at += timedelta(**by)


class AlertCompany:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch, self.clock = folder, monkeypatch, Clock()
        self.alerts: dict[str, Any] = {"receivers": {}}
        monkeypatch.setenv("TRUEUP_HOME", str(folder / "var"))
        monkeypatch.setenv("TRUEUP_COMPANY", str(folder / "company.yml"))
        monkeypatch.setenv("TRUEUP_GATHER_SECONDS", "0")
        for module in (incident_book, delivery):
            monkeypatch.setattr(module, "datetime", self.clock)
        self.write()

    def write(self) -> None:
        content = {
            "name": "acme",
            "reporting": {"time_zone": "Europe/Lisbon"},
            "alerts": self.alerts,
        }
        (self.folder / "company.yml").write_text(yaml.safe_dump(content), "utf-8")

    def hears(self, name: str, kind: str, secrets: dict[str, str], **more: Any) -> None:
        """Add a receiver, whose secrets are `secrets`."""
        named = {role: f"{name}_{role}" for role in secrets}
        for role, value in secrets.items():
            self.monkeypatch.setenv(f"TRUEUP_SECRET_{named[role].upper()}", value)
        self.alerts["receivers"][name] = {"type": kind, "credentials": named, **more}
        self.write()

    def pagerduty(self, url: str, name: str = "pager", **more: Any) -> None:
        self.hears(name, "pagerduty", {"routing_key": "R-SECRET-KEY"}, base_url=url, **more)

    def hook(self, url: str, name: str = "hook", **more: Any) -> None:
        self.hears(name, "webhook", {"url": f"{url}/hooks/T0P-SECRET"}, **more)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.folder / "var" / "acme" / "outbox")

    def meets(self, *notices: Notice) -> None:
        on_call.notify(*notices)

    def ends(self, *causes: str) -> None:
        on_call.resolve(*causes)

    def beats(self) -> None:
        """What `send_alerts` does."""
        on_call.notify_again()


def notice(cause: str = CAUSE, kind: Kind = "warn", **more: Any) -> Notice:
    known: dict[str, Any] = {
        "unit": "fct_incidents",
        "how_much": "3 % of 92 % expected",
        "runbook": "docs/runbook.md#tracking",
        "query": 'trueup query --build "from health.fct_tracking_signals"',
        "amount": Decimal("1200.50"),
        "currency_code": "EUR",
        "signals": ("event_capture",),
    }
    return Notice(cause, kind, "mart", "The purchase tag sends nothing", cause, **known | more)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertCompany]:
    yield AlertCompany(tmp_path, monkeypatch)


def lives(company: AlertCompany, updates: int = 3) -> None:
    """An incident begins, grows on each of some days, is acknowledged, and ends."""
    company.meets(notice())
    for day in range(1, updates + 1):
        company.clock.goes_on(days=1)
        company.meets(notice(amount=Decimal(2000 * 3**day)))
    company.ends(CAUSE)
