"""What the tests of server-side events share: accounts, logs written by hand, ways to land."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sandbox import demo, keys
from trueup.landing.intake import take_in
from trueup.landing.row_rules import read as read_rules
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.conversions_api import SOURCE, lines
from trueup.window import Window

ZONE = "Europe/Lisbon"
META, GOOGLE = "meta:714200300400500", "google:4711002200"
TABLE = "harbour-house.server_side.sent_events"
MONTH = Window(date(2026, 8, 15), date(2026, 9, 15))
WEEK = Window(date(2026, 9, 8), date(2026, 9, 15))
FOR_EVER = 1_000
SENT = "2026-09-10T10:00:00Z"
DAY = Window(date(2026, 9, 10), date(2026, 9, 11))
SUITES = Path(__file__).parents[2] / "expectations" / "landing"


def access_to(sandbox: Any, folder: Path, *logs: dict[str, Any], **options: Any) -> Access:
    """The demo's logs and accounts, or the logs named."""
    secrets = {}
    if sandbox is not None:
        secrets = {
            "google_service_account": keys.service_account(sandbox.desk.state, sandbox.url),
            "meta_access_token": demo.secret("conversions_api_meta_access_token"),
        }
    return Access(
        source="conversions_api",
        base_url=f"{sandbox.url}/conversions_api" if sandbox is not None else "",
        accounts=(Account(META, ZONE, "EUR"), Account(GOOGLE, ZONE, "EUR")),
        options={"logs": list(logs) or [{"name": "sender", "table": TABLE}], **options},
        history_start=date(2026, 8, 1),
        reporting_zone=ZONE,
        reporting_currency="EUR",
        folder=folder,
        secrets=secrets,
    )


def land(
    landing: Landing, access: Access, stream: str = "attempts", window: Window = MONTH
) -> list[Load]:
    """A load of each part of the stream."""
    declared = SOURCE.stream(stream)
    return [
        take_in(
            landing,
            "conversions_api",
            declared,
            window,
            SOURCE.extract(part, declared, window),
            api_version=SOURCE.api_version,
            hash_key="k",
            account=name,
            rules=read_rules(SUITES / f"conversions_api__{stream}.yml"),
        )
        for name, part in SOURCE.parts(access, declared)
    ]


def rows(landing: Landing, *loads: Load) -> list[dict[str, Any]]:
    """The landed rows of `loads`, in one order."""
    found = []
    for file in (file for load in loads for file in load.files):
        found += duckdb.sql(f"from '{landing.path(file.name)}'").to_arrow_table().to_pylist()
    return sorted(found, key=lambda row: repr((row.get("sent_at"), row.get("event_key"), row)))


def set_aside(landing: Landing, *loads: Load) -> list[dict[str, Any]]:
    """What `loads` set aside, as it is listed."""
    found = []
    for load in loads:
        path = Path(landing.path(landing.set_aside_file(load)))
        if path.exists():
            found += duckdb.sql(f"from '{path}'").to_arrow_table().to_pylist()
    return found


def read(line: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one line of a log."""
    return list(lines.rows(line, "sender", ZONE))


def write(folder: Path, name: str, *written: dict[str, Any] | str) -> Path:
    """A log of JSON lines."""
    path = folder / name
    texts = [one if isinstance(one, str) else json.dumps(one) for one in written]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def line(**more: Any) -> dict[str, Any]:
    """A flat line that is as it should be, but for `more`."""
    return {
        "sent_at": SENT, "destination": "meta", "pixel_id": "714200300400500",
        "event_name": "Purchase", "event_id": "E1", "event_time": 1789034390, "http_status": 200,
        "value": 10, "currency": "EUR", **more,
    }  # fmt: skip
