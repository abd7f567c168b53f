"""One message when causes open, one when they are resolved, none in between."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from trueup.alerts import channels, incident_files, on_call, standing
from trueup.alerts.delivery import Channel
from trueup.alerts.incidents import Incident, Kind, Notice, short_id
from trueup.alerts.receivers.message import Message, NotHeard
from trueup.gates.findings import NOT_LANDED, Finding, Outcome, Verdict
from trueup.gates.verdicts import keep

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


HELD = "mart: held, the last good data stays in use"
WARNED = "mart: in use, with warnings"


def entry(table: str) -> str:
    named = f"{table} [{short_id(f'{table} / rows')}]"
    return (
        f'- rows\n    {named}: 1 of 9 rows\n        look: trueup query --build "from t"\n'
        f"    do: docs/runbook.md#{table}"
    )


def test_a_cause_is_told_once_until_it_is_resolved(received: list):
    for _ in range(2):
        on_call.notify(notice("ingest_ga4"))
    for _ in range(2):
        on_call.resolve("ingest_ga4", "another")
    on_call.notify(notice("ingest_ga4"))
    assert [message["event"] for message in received] == ["opened", "resolved", "opened"]
    assert received[1]["incidents"][0]["runs"] == 2
    assert received[0]["incidents"][0]["cause"] == "ingest_ga4"


def test_two_causes_are_two_incidents_of_one_message(received: list, home: Path):
    on_call.notify(notice("ingest_ga4"), notice("ingest_shopify"))
    assert [i.notice.cause for i in incident_files.all_open(home / "incidents")] == [
        "ingest_ga4",
        "ingest_shopify",
    ]
    assert len(received) == 1


def test_a_message_says_what_where_since_when_how_much_how_to_look_and_what_to_do(
    received: list, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRUEUP_RUNBOOK_URL", "https://wiki/runbook")
    gate.finds(
        gate.finding(
            "fct_spend", "hold", signal="spend", segment="a1", why="Spend is never negative",
            since_date=date(2026, 9, 12), affected_rows=3, observed="3 of 9 rows",
            affected_amount_local=Decimal("-120.5"), currency_code="EUR",
        ),
        link="http://airflow/approve",
    )  # fmt: skip
    assert heard(received) == [
        "1 opened, 1 to answer now\n"
        "mart: held, the last good data stays in use\n"
        "- Spend is never negative\n"
        f"    fct_spend.spend (a1) [{short_id('fct_spend / spend / a1 / rows')}]:"
        " 3 of 9 rows since 2026-09-12, -120.50 EUR\n"
        '        look: trueup query --build "from t"\n'
        "        open: http://airflow/approve\n"
        "    do: https://wiki/runbook#fct_spend"
    ]


def test_a_query_too_long_for_a_phone_is_named(received: list, gate: Gate):
    long = "trueup query --build " + "x" * 300
    gate.finds(gate.finding("spend", "warn", segment="a 1", query=long))
    assert "look: trueup query --finding 'spend / a 1 / rows'" in heard(received)[0]


def test_what_fails_in_one_run_is_one_message_and_a_resolution_is_a_line_each(
    received: list, gate: Gate
):
    gate.judges(spend="warn", claims="hold", days="pass")
    assert heard(received) == [
        f"2 opened, 1 to answer now\n{HELD}\n{entry('claims')}\n{WARNED}\n{entry('spend')}"
    ]
    gate.judges(spend="warn", claims="hold", days="pass")
    assert heard(received) == []
    gate.judges(spend="pass", claims="pass", days="pass")
    assert heard(received) == [over("claims")]
    gate.judges(spend="pass", claims="pass", days="pass")
    assert heard(received) == [over("spend")]


def test_findings_of_one_kind_stand_together(received: list, gate: Gate):
    gate.finds(
        *(
            gate.finding("fresh", "warn", segment=source, why="is stale", query="")
            for source in ("ga4", "shopify", "fx_rates")
        )
    )
    assert heard(received)[0].count("- is stale") == 1
    assert len(incident_files.all_open(gate.folder.parent / "incidents")) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"check_name": "not null"}, {"check_name": "in set"}),
        ({"signal": "spend"}, {"signal": "clicks"}),
        ({"segment": "a1"}, {"segment": "a2"}),
        ({"table_name": "fct_spend"}, {"table_name": "fct_claims"}),
    ],
)
def test_check_table_signal_and_segment_are_an_incident_of_their_own(
    received: list, gate: Gate, one: dict, other: dict
):
    first = gate.finding("t", "warn")
    gate.finds(replace(first, **one), replace(first, **other))
    assert len(received[0]["incidents"]) == 2
    for _ in range(2):
        gate.finds(replace(first, **one), replace(first, **other, verdict="pass"))
    assert [message["event"] for message in received] == ["opened", "resolved"]
    assert len(received[1]["incidents"]) == 1


def test_a_day_or_a_count_makes_no_incident_of_its_own(received: list, gate: Gate):
    gate.finds(gate.finding("spend", "warn", since_date=date(2026, 9, 1), affected_rows=3))
    gate.finds(gate.finding("spend", "warn", since_date=date(2026, 9, 5), affected_rows=8))
    assert len(received) == 1


def test_a_second_warning_is_told_while_the_first_is_open(received: list, gate: Gate):
    gate.judges(spend="warn", claims="pass")
    heard(received)
    gate.judges(spend="warn", claims="warn")
    assert heard(received) == [f"1 opened\n{WARNED}\n{entry('claims')}"]
    gate.judges(spend="pass", claims="warn")
    assert heard(received) == []
    gate.judges(spend="pass", claims="warn")
    assert heard(received) == [over("spend")]


def test_a_warning_that_becomes_a_hold_is_news(received: list, gate: Gate):
    gate.judges(spend="warn")
    gate.judges(spend="hold")
    gate.judges(spend="warn")
    assert [text.split("\n")[1] for text in heard(received)] == [WARNED, HELD]


def test_what_could_not_be_judged_is_not_over(received: list, gate: Gate):
    gate.judges(spend="warn", claims="pass")
    heard(received)
    gate.judges(spend="gate-error", claims="pass")
    assert heard(received) == []
    for _ in range(2):
        gate.judges(claims="pass")  # the suite is gone, and its table with it
    assert heard(received) == [over("spend")]


def test_an_account_that_was_not_judged_today_is_not_over(received: list, home: Path):
    gate = Gate(home, "landing/meta_ads")
    gate.finds(gate.finding("meta_ads.ads", "warn", segment="a1"))
    gate.finds(gate.finding("meta_ads.ads", "pass", segment="a2"))
    assert len(received) == 1
    gate.finds(gate.finding("meta_ads.ads", "pass", segment="a1"))
    assert len(received) == 2


def test_gates_do_not_resolve_each_other(received: list, gate: Gate, home: Path):
    gate.judges(spend="warn")
    on_call.notify(notice("build_mart / failed"))
    heard(received)
    Gate(home, "landing/shopify").judges(spend="pass")
    assert heard(received) == []


def test_a_hold_that_was_released_is_news_when_it_holds_again(received: list, gate: Gate):
    gate.judges(spend="hold", claims="warn")
    heard(received)
    on_call.released("mart")
    assert heard(received) == [over("spend")]
    gate.judges(spend="hold", claims="warn")
    assert heard(received) == [f"1 opened, 1 to answer now\n{HELD}\n{entry('spend')}"]


def test_vendors_that_do_not_answer_within_the_hour_are_one_outage(
    received: list, home: Path, monkeypatch: pytest.MonkeyPatch
):
    """The first to give up waits for the others; whoever follows joins without a message."""
    others = [Gate(home, f"landing/{source}") for source in ("ga4", "shopify")]
    monkeypatch.setenv("TRUEUP_GATHER_SECONDS", "1")

    def meanwhile(seconds: float) -> None:
        if seconds and others:
            others.pop().misses(("", "VendorUnavailable"))

    monkeypatch.setattr("trueup.alerts.on_call.time.sleep", meanwhile)
    first = Gate(home, "landing/google_ads")
    first.misses(("a1", "VendorUnavailable"), ("a2", "VendorUnavailable"))
    (text,) = heard(received)
    assert text.startswith("1 opened\nvendors do not answer; what is missing is caught up")
    assert all(name in text for name in ("google_ads", "(a1)", "(a2)", "ga4", "shopify"))
    Gate(home, "landing/hubspot").misses(("", "VendorUnavailable"))
    assert heard(received) == []
    told = [one for one in incident_files.all_open(home / "incidents") if not one.notice.group]
    assert len(told) == 1 and len(told[0].notice.signals) == 5
    for source in ("hubspot", "ga4", "shopify"):
        Gate(home, f"landing/{source}").misses()
    assert heard(received) == []
    first.misses()
    assert heard(received)[0].startswith("1 resolved\n- google_ads: did not land")
    assert incident_files.all_open(home / "incidents") == []


def test_an_account_that_is_refused_is_told_by_name_with_what_to_clear(received: list, home: Path):
    gate = Gate(home, "landing/google_ads")
    gave_up = "Gave up after 4 tries; when it is mended, clear the task `land`"
    gate.misses(("a1", "AccessDenied"), gave_up=gave_up)
    (text,) = heard(received)
    assert gave_up in text and "google_ads.AccessDenied (a1)" in text
    assert "open: http://airflow/log" in text
    gate.misses(("a1", "AccessDenied"), ("a2", "AccessDenied"))
    (text,) = heard(received)
    assert "(a2)" in text and "(a1)" not in text
    gate.misses(("a2", "AccessDenied"))
    assert "(a1)" in heard(received)[0]


def test_a_message_that_could_not_be_sent_stops_nothing_and_is_sent_later(
    received: list, gate: Gate, capsys: pytest.CaptureFixture[str]
):
    received.append(None)
    gate.judges(spend="warn", claims="pass")
    on_call.notify(notice("ga4"), notice("shopify"))
    assert "webhook could not be told of 1 incident(s)" in capsys.readouterr().out
    received.clear()
    gate.judges(spend="warn", claims="warn")
    (text,) = heard(received)
    assert text.startswith("4 opened")
    on_call.resolve("shopify")
    on_call.notify_again()
    assert [text.partition("\n")[0] for text in heard(received)] == ["1 resolved"]


def test_what_is_over_before_anybody_could_be_told_is_not_told(received: list):
    received.append(None)
    on_call.notify(notice("shopify"))
    on_call.resolve("shopify")
    received.clear()
    on_call.notify_again()
    assert heard(received) == []


def test_a_company_file_that_is_wrong_is_told_as_well(
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
    assert "could not be told" in said and "secret" not in said
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


def test_a_file_of_an_older_version_is_no_incident(home: Path):
    folder = home / "incidents"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text('{"cause": "x", "told": true}', "utf-8")
    assert incident_files.all_open(folder) == []


def test_how_long_an_incident_lasted_is_said_in_two_units():
    from trueup.alerts.messages import duration, resolved

    assert [duration(timedelta(minutes=n)) for n in (5, 125, 3000)] == [
        "5 min",
        "2 h 5 min",
        "2 d 2 h",
    ]
    incident = Incident(notice("ga4"), AT, AT, 3)
    assert resolved("acme", [incident], AT + timedelta(hours=3)) == (
        f"[acme] 1 resolved\n- ga4: gave up [{short_id('ga4')}] (after 3 h 0 min)"
    )
