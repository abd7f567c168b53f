"""One message when a cause opens, one when it is resolved, none in between."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from trueup import incidents, pipeline


@pytest.fixture
def received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict]]:
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
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    yield messages
    server.shutdown()


def test_a_cause_is_told_once_until_it_is_resolved(received: list, tmp_path: Path):
    assert pipeline.notify("build_mart hold", "The mart is held", {"failed": ["spend"]})
    assert not pipeline.notify("build_mart hold", "The mart is held", {"failed": ["spend"]})
    assert pipeline.resolve("build_mart hold")
    assert not pipeline.resolve("build_mart hold")
    assert pipeline.notify("build_mart hold", "The mart is held", {})
    assert [message["event"] for message in received] == ["opened", "resolved", "opened"]
    assert received[0]["text"] == "[harbour_house] opened: The mart is held"
    assert received[1]["incident"]["seen"] == 2


def test_two_causes_are_two_incidents(received: list, tmp_path: Path):
    pipeline.notify("ingest_ga4 failed", "ga4", {})
    pipeline.notify("ingest_shopify failed", "shopify", {})
    folder = tmp_path / "harbour_house" / "incidents"
    assert [i.cause for i in incidents.all_open(folder)] == [
        "ingest_ga4 failed",
        "ingest_shopify failed",
    ]


def test_a_message_that_could_not_be_sent_is_sent_by_the_next_run(received: list):
    received.append(None)
    with pytest.raises(OSError):
        pipeline.notify("ingest_ga4 failed", "ga4", {})
    received.clear()
    assert pipeline.notify("ingest_ga4 failed", "ga4", {})
    assert len(received) == 1
