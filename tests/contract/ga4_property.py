"""What GA4's contract tests share: the demo property, files of hand-made events, ways to land."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox import keys
from trueup.errors import TrueupError
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.ga4 import SOURCE
from trueup.window import Window

EVENTS = SOURCE.stream("events")
WINDOW = Window(date(2026, 9, 12), date(2026, 9, 15))
DATASET = "analytics_310100200"
KNOWN_BY = datetime.fromisoformat("2026-09-15T06:00")
DAY = date(2026, 9, 13)
ONE_DAY = Window(DAY, DAY + timedelta(days=1))
FOR_EVER = 1_000


def access_to(sandbox: Any, folder: Path, **options: Any) -> Access:
    """The demo property over REST, in pages that hold fewer rows than any day."""
    return Access(
        source="ga4",
        base_url=f"{sandbox.url}/bigquery",
        accounts=(Account("310100200", "Europe/Lisbon", "EUR"),),
        options={"project": "harbour-house", "page_size": 100} | options,
        history_start=date(2026, 8, 1),
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={"service_account": keys.service_account(sandbox.desk.state, sandbox.url)},
    )


def bucket(folder: Path, url: str = "", **options: Any) -> Access:
    """The same property read from files in `folder` (or at `url`)."""
    return Access(
        source="ga4",
        base_url=url or str(folder),
        accounts=(Account("310100200", "Europe/Lisbon", "EUR"),),
        options=options,
        history_start=date(2020, 11, 1),
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
    )


def land(landing: Landing, access: Access, window: Window = WINDOW, **settings: Any) -> Load:
    return take_in(
        landing,
        "ga4",
        EVENTS,
        window,
        SOURCE.extract(access, EVENTS, window),
        api_version=SOURCE.api_version,
        hash_key="test-key",
        **settings,
    )


def refused(
    landing: Landing, access: Any, error: type[TrueupError], window: Window = WINDOW
) -> str:
    """The message of the error landing ends with; checks its place and that nothing landed."""
    with pytest.raises(error) as caught:
        land(landing, access, window)
    message = str(caught.value)
    for part in ("source: ga4", "stream: events", f"window: {window}", "next step: "):
        assert part in message
    assert landing.loads("ga4", "events") == []
    return message


def extracted(access: Any, window: Window = WINDOW) -> tuple[set[str], list[Any]]:
    """The keys of the events, and every page that is none of rows."""
    keys: set[str] = set()
    others = []
    for page in SOURCE.extract(access, SOURCE.stream("events"), window):
        if isinstance(page, pa.Table):
            keys |= set(page.column("event_key").to_pylist())
        else:
            others.append(page)
    return keys, others


def landed(landing: Landing, load: Load) -> pa.Table:
    """The load's rows by key."""
    tables = [pq.read_table(landing.path(file.name)) for file in load.files]
    return pa.concat_tables(tables).sort_by("event_key")


def event(**values: Any) -> dict[str, Any]:
    """One event of 1 June 2026 as the export spells it; `params` are text parameters."""
    texts = values.pop("params", {})
    row = {
        "event_date": "20260601",
        "event_timestamp": 1780300800000000,
        "event_name": "page_view",
        "event_params": [
            {"key": key, "value": {"string_value": text, "int_value": None}}
            for key, text in texts.items()
        ],
        "event_bundle_sequence_id": 1,
        "batch_event_index": 1,
        "user_pseudo_id": "1.1",
        "privacy_info": {"analytics_storage": "Yes", "ads_storage": "Yes"},
        "device": {"category": "mobile"},
        "geo": {"country": "Portugal", "region": "Lisbon", "city": "Cascais"},
        "stream_id": "1",
        "platform": "WEB",
    }
    return row | values


def write_events(folder: Path, name: str, events: Iterable[dict[str, Any]]) -> Path:
    """An NDJSON file of the export."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in events))
    return path


def rewrite_parquet(path: Path, select: str) -> None:
    """Replace a Parquet file by a select over it (`rows`)."""
    con = duckdb.connect()
    con.register("rows", pq.read_table(path))
    con.execute(f"copy ({select}) to '{path}' (format parquet)")
    con.close()


def with_secret(access: Access, text: str) -> Access:
    return replace(access, secrets={"service_account": text})
