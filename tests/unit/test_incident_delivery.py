"""A message that cannot be sent stops nothing, and every receiver hears."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.alerts import channels, on_call
from trueup.alerts.delivery import Channel
from trueup.alerts.receivers.message import Message, NotHeard
from unit.incident_gate import Gate, gate, heard, home, notice, received

__all__ = ["gate", "home", "received"]


def test_a_message_that_could_not_be_sent_stops_nothing_and_is_sent_later(
    received: list, gate: Gate, capsys: pytest.CaptureFixture[str]
):
    received.append(None)
    gate.judges(spend="warn", claims="pass")
    on_call.notify(notice("ga4"), notice("shopify"))
    assert "1 incident(s) could not be sent to webhook" in capsys.readouterr().out
    received.clear()
    gate.judges(spend="warn", claims="warn")
    (text,) = heard(received)
    assert text.startswith("4 opened")
    on_call.resolve("shopify")
    on_call.notify_again()
    assert [text.partition("\n")[0] for text in heard(received)] == ["1 resolved"]


def test_what_is_over_before_anybody_could_be_notified_is_not_sent(received: list):
    received.append(None)
    on_call.notify(notice("shopify"))
    on_call.resolve("shopify")
    received.clear()
    on_call.notify_again()
    assert heard(received) == []


def test_a_company_file_that_is_wrong_is_reported_as_well(
    received: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "company.yml").write_text("name: harbour_house\ntitel: Harbour House\n", "utf-8")
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    on_call.notify(notice("ingest_ga4"))
    assert len(received) == 1


@pytest.mark.parametrize(
    "address", ["hooks.example.com/T0/secret", "file:///secret", "http://x/a secret"]
)
def test_an_address_of_no_use_stops_nothing_and_is_not_printed(
    address: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("TRUEUP_WEBHOOK_URL", address)
    on_call.notify(notice("ingest_ga4"))
    said = capsys.readouterr().out
    assert "could not be sent" in said and "secret" not in said
    assert on_call.in_force().outbox.pending("webhook")


def test_every_receiver_hears_though_one_does_not_answer(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    heard: list[Message] = []

    class Deaf:
        gathers = True

        def send(self, message: Message) -> str:
            raise NotHeard("no answer")

    class Broken:
        gathers = True

        def send(self, message: Message) -> str:
            raise ZeroDivisionError("a mistake of ours")

    class Listens:
        gathers = True

        def send(self, message: Message) -> str:
            heard.append(message)
            return ""

    found = {"deaf": Deaf(), "broken": Broken(), "listens": Listens()}
    monkeypatch.setattr(channels.Rules, "routed", lambda *_: list(found))
    monkeypatch.setattr(
        channels, "channels", lambda *_: {name: Channel(name, x) for name, x in found.items()}
    )
    on_call.notify(notice("ingest_ga4"))
    assert [message.event for message in heard] == ["opened"]
    waiting = on_call.in_force().outbox.pending()
    assert {entry.receiver for entry in waiting} == {"deaf", "broken"}
