"""A gate that finds what a test says, and a webhook on loopback that hears of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from loopback import serving
from trueup.alerts import on_call, standing
from trueup.alerts.incidents import Kind, Notice, short_id
from trueup.gates.findings import NOT_LANDED, Finding, Outcome, Verdict
from trueup.gates.verdicts import keep

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
HELD = "mart: held, the last good data stays in use"
WARNED = "mart: in use, with warnings"


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

    with serving(Receiver) as url:
        monkeypatch.setenv("TRUEUP_WEBHOOK_URL", f"{url}/hook")
        yield messages


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state of the demo company, empty."""
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_GATHER_SECONDS", "0")
    monkeypatch.setattr(standing, "FIRST_WAIT", 0)
    return tmp_path / "harbour_house"


def heard(received: list) -> list[str]:
    """The texts of the messages so far, without the company; forgets them."""
    texts = [message["text"].removeprefix("[harbour_house] ") for message in received]
    received.clear()
    return texts


def over(table: str) -> str:
    """The message that the rows of a table are as they should be again."""
    return f"1 resolved\n- {table}: rows [{short_id(f'{table} / rows')}] (after 0 min)"


class Gate:
    """A gate whose checks, each a table's, come out as a test says, one run after another."""

    def __init__(self, home: Path, name: str = "mart") -> None:
        self.folder, self.name, self.at = home / "gates", name, AT

    def finding(self, table: str, verdict: Outcome, **more: object) -> Finding:
        known = {"observed": "1 of 9 rows", "query": 'trueup query --build "from t"'}
        return Finding(
            self.name, "rows", table, "critical", verdict, self.at,
            **(known | {"runbook": f"docs/runbook.md#{table}"} | more),
        )  # fmt: skip

    def judges(self, **tables: Outcome) -> None:
        self.finds(*(self.finding(table, verdict) for table, verdict in tables.items()))

    def finds(self, *findings: Finding, link: str = "") -> None:
        self.at += timedelta(days=1)
        keep(self.folder, Verdict(self.name, findings, self.at))
        on_call.report(self.name, link)

    def misses(self, *missing: tuple[str, str], gave_up: str = "Gave up after 4 tries") -> None:
        """Accounts that did not land, each with the kind of its error."""
        self.at += timedelta(days=1)
        source = self.name.partition("/")[2]
        findings = (
            Finding(
                self.name, NOT_LANDED, source, "warning", "warn", self.at, signal=kind,
                segment=account, why="did not land", observed="spend: no answer",
            )
            for account, kind in missing
        )  # fmt: skip
        keep(self.folder, Verdict(self.name, tuple(findings), self.at))
        on_call.report(self.name)
        on_call.report_missing(self.name, gave_up, "http://airflow/log")


@pytest.fixture
def gate(home: Path) -> Gate:
    return Gate(home)


def notice(cause: str, kind: Kind = "failed", **more: str) -> Notice:
    return Notice(cause, kind, cause, "gave up", cause, **more)


def entry(table: str) -> str:
    named = f"{table} [{short_id(f'{table} / rows')}]"
    return (
        f'- rows\n    {named}: 1 of 9 rows\n        look: trueup query --build "from t"\n'
        f"    do: docs/runbook.md#{table}"
    )
