"""One message when causes open, one when they are resolved, none in between."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from trueup.alerts import incidents, on_call
from trueup.gates.verdicts import Check, Outcome, Verdict, keep

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)


@pytest.fixture
def received(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict]]:
    """What a webhook receiver on loopback was sent; it answers 500 while the list holds `None`."""
    messages: list = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            broken = None in messages
            if not broken:
                messages.append(body)
            self.send_response(500 if broken else 200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("TRUEUP_WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/hook")
    yield messages
    server.shutdown()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state of the demo company, empty."""
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    return tmp_path / "harbour_house"


def heard(received: list) -> list[str]:
    """The texts of the messages so far, without the company; forgets them."""
    texts = [message["text"].removeprefix("[harbour_house] ") for message in received]
    received.clear()
    return texts


class Gate:
    """A gate whose expectations, each a suite's, come out as a test says, one run after another."""

    def __init__(self, home: Path, name: str = "mart") -> None:
        self.folder, self.name, self.at = home / "gates", name, AT

    def judges(self, **verdicts: Outcome) -> None:
        self.at += timedelta(days=1)
        checks = tuple(
            Check(self.name, suite, "query", None, "", verdict, "1 of 9 rows", self.at.isoformat())
            for suite, verdict in verdicts.items()
        )
        keep(self.folder, Verdict(self.name, checks, self.at))
        on_call.report(self.name)


@pytest.fixture
def gate(home: Path) -> Gate:
    return Gate(home)


def warning(suite: str) -> str:
    return f"mart warning: {suite}: query (rows: 1 of 9 rows)"


def test_a_cause_is_told_once_until_it_is_resolved(received: list):
    for _ in range(2):
        on_call.notify("ingest_ga4 failed", "ga4 failed", {"run": "r"})
    for _ in range(2):
        on_call.resolve("ingest_ga4 failed", "ingest_ga4 held")
    on_call.notify("ingest_ga4 failed", "ga4 failed", {})
    assert [message["event"] for message in received] == ["opened", "resolved", "opened"]
    assert received[0]["text"] == "[harbour_house] opened: ga4 failed"
    assert received[0]["incidents"][0]["details"] == {"run": "r"}
    assert received[1]["incidents"][0]["seen"] == 2


def test_two_causes_are_two_incidents(received: list, home: Path):
    on_call.notify("ingest_ga4 failed", "ga4", {})
    on_call.notify("ingest_shopify failed", "shopify", {})
    assert [i.cause for i in incidents.all_open(home / "incidents")] == [
        "ingest_ga4 failed",
        "ingest_shopify failed",
    ]


def test_what_fails_in_one_run_is_one_message(received: list, gate: Gate):
    gate.judges(spend="warn", claims="warn", days="pass")
    assert heard(received) == [f"opened:\n- {warning('spend')}\n- {warning('claims')}"]
    gate.judges(spend="warn", claims="warn", days="pass")
    assert heard(received) == []
    gate.judges(spend="pass", claims="pass", days="pass")
    assert heard(received) == [f"resolved:\n- {warning('claims')}\n- {warning('spend')}"]


def test_a_second_warning_is_told_while_the_first_is_open(received: list, gate: Gate):
    gate.judges(spend="warn", claims="pass")
    heard(received)
    gate.judges(spend="warn", claims="warn")
    assert heard(received) == [f"opened: {warning('claims')}"]
    gate.judges(spend="pass", claims="warn")
    assert heard(received) == [f"resolved: {warning('spend')}"]
    gate.judges(spend="warn", claims="warn")
    assert heard(received) == [f"opened: {warning('spend')}"]


def test_what_could_not_be_judged_is_not_over(received: list, gate: Gate):
    gate.judges(spend="warn", claims="pass")
    heard(received)
    gate.judges(spend="gate-error", claims="pass")
    gate.judges(claims="pass")
    assert heard(received) == []
    gate.judges(spend="pass", claims="pass")
    assert heard(received) == [f"resolved: {warning('spend')}"]


def test_gates_do_not_resolve_each_other(received: list, gate: Gate, home: Path):
    gate.judges(spend="warn")
    on_call.notify("build_mart failed", "dbt", {})
    heard(received)
    Gate(home, "landing/shopify").judges(spend="pass")
    assert heard(received) == []


def test_a_hold_that_was_released_is_news_when_it_holds_again(received: list, gate: Gate):
    held = "mart held, the last good data stays: spend: query (rows: 1 of 9 rows)"
    gate.judges(spend="hold", claims="warn")
    on_call.released("mart")
    assert heard(received) == [f"opened:\n- {held}\n- {warning('claims')}", f"resolved: {held}"]
    gate.judges(spend="hold", claims="warn")
    assert heard(received) == [f"opened: {held}"]


def test_a_message_that_could_not_be_sent_stops_nothing_and_is_sent_later(
    received: list, gate: Gate, capsys: pytest.CaptureFixture[str]
):
    received.append(None)
    gate.judges(spend="warn", claims="pass")
    on_call.notify("ingest_ga4 failed", "ga4", {})
    on_call.notify("ingest_shopify failed", "shopify", {})
    assert "nobody could be told of 1 incident(s) opened" in capsys.readouterr().out
    received.clear()
    gate.judges(spend="warn", claims="warn")
    assert heard(received) == [f"opened:\n- {warning('spend')}\n- {warning('claims')}"]
    on_call.resolve("ingest_shopify failed")
    on_call.tell_the_untold()
    on_call.tell_the_untold()
    assert heard(received) == ["opened: ga4"]


def test_a_company_file_that_is_wrong_is_told_as_well(
    received: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "company.yml").write_text("name: harbour_house\ntitel: Harbour House\n", "utf-8")
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    on_call.notify("ingest_ga4 failed", "1 problem(s) in the company file", {})
    assert heard(received) == ["opened: 1 problem(s) in the company file"]


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
    on_call.notify("ingest_ga4 failed", "ga4", {})
    said = capsys.readouterr().out
    assert "nobody could be told" in said and "secret" not in said
    assert not incidents.all_open(home / "incidents")[0].told
