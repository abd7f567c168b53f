"""GA4: every kind of bad input is one clear error, and nothing of it is landed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.ga4_property import (
    WINDOW,
    access_to,
    bucket,
    event,
    land,
    rewrite_parquet,
    with_secret,
    write_events,
)
from sandbox import bigquery_export, keys
from trueup.errors import AccessDenied, BrokenContract, TrueupError, VendorUnavailable
from trueup.landing import Landing
from trueup.window import Window

FOR_EVER = 1_000


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


@pytest.mark.parametrize("fault", ["throttle", "too_many", "server_error"])
def test_a_passing_refusal_is_waited_out(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", fault, 2)
    window = Window(date(2026, 9, 13), date(2026, 9, 14))
    assert land(landing, access_to(sandbox, tmp_path), window).row_count > 150


@pytest.mark.parametrize("fault", ["throttle", "too_many", "server_error"])
def test_a_lasting_refusal_is_worth_a_retry_of_the_task(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", fault, FOR_EVER)
    assert "HTTP" in refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)


def test_a_spent_daily_quota_is_not_hammered(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", "quota", FOR_EVER)
    before = sandbox.desk.calls["bigquery"]
    refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)
    assert sandbox.desk.calls["bigquery"] - before == 2  # the token, and one request


@pytest.mark.parametrize("fault", ["unauthorized", "forbidden"])
def test_refused_credentials(fault: str, sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    sandbox.desk.order_fault("ga4", fault, FOR_EVER)
    refused(landing, access_to(sandbox, tmp_path), AccessDenied)


def test_another_accounts_key_is_refused_and_never_shown(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    text = keys.service_account(tmp_path / "other", sandbox.url)
    message = refused(landing, with_secret(access_to(sandbox, tmp_path), text), AccessDenied)
    assert "BEGIN PRIVATE KEY" not in message


@pytest.mark.parametrize("broken", ["not JSON", '{"type": "service_account"}', "null"])
def test_a_secret_that_is_no_key_file(
    broken: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    refused(landing, with_secret(access_to(sandbox, tmp_path), broken), AccessDenied)


def test_a_key_file_with_a_broken_key(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    key = json.loads(access.secrets["service_account"]) | {"private_key": "-----BEGIN nothing"}
    message = refused(landing, with_secret(access, json.dumps(key)), AccessDenied)
    assert "BEGIN nothing" not in message


def test_a_wrong_property_id(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path, dataset="analytics_1")
    assert "Not found: Dataset" in refused(landing, access, BrokenContract)


@pytest.mark.parametrize(
    ("fault", "times", "said"),
    [
        ("truncated", 1, "not valid JSON"),
        ("missing_column", 1, "privacy_info.analytics_storage is missing from"),
        ("retyped_column", 1, "event_timestamp is retyped in"),
        ("empty_day", 2, "first 2026-09-12"),
        ("duplicate_page", 1, "twice"),
        ("missing_last_page", 1, "total of rows"),
        ("missing_table", 1, "no table events_20260914, nor events_intraday_20260914"),
    ],
)
def test_a_broken_answer(
    fault: str, times: int, said: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", fault, times)
    assert said in refused(landing, access_to(sandbox, tmp_path), BrokenContract)


def test_a_table_rewritten_while_it_is_read_is_read_again(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", "empty_day", 1)  # none counted, then rows
    assert "rewritten" in refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)


@pytest.fixture
def exported(world: Path, tmp_path: Path, sandbox: Any) -> Path:
    """A bucket with 12 to 14 September as Parquet."""
    folder = tmp_path / "bucket"
    bigquery_export.write_files(
        world, folder, since=WINDOW.since, until=WINDOW.until, known_by=sandbox.desk.now
    )
    return folder


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("select * exclude (privacy_info) from rows", "privacy_info.analytics_storage is missing"),
        (
            "select * replace (event_timestamp::varchar as event_timestamp) from rows",
            "event_timestamp is retyped",
        ),
        ("select * from rows where false", "first 2026-09-13"),
    ],
)
def test_a_broken_parquet_file(select: str, said: str, exported: Path, landing: Landing) -> None:
    rewrite_parquet(exported / "events_20260913-000000000000.parquet", select)
    assert said in refused(landing, bucket(exported), BrokenContract)


def test_a_cut_off_parquet_file(exported: Path, landing: Landing) -> None:
    path = exported / "events_20260913-000000000000.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    assert "cannot be read" in refused(landing, bucket(exported), BrokenContract)


def test_a_missing_file_is_named(exported: Path, landing: Landing) -> None:
    (exported / "events_20260913-000000000000.parquet").unlink()
    assert "no table events_20260913" in refused(landing, bucket(exported), BrokenContract)


def test_an_empty_bucket(tmp_path: Path, landing: Landing) -> None:
    assert "no file matches" in refused(landing, bucket(tmp_path / "none"), BrokenContract)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"event_timestamp": "soon"}, "cannot be read"),
        ({"event_params": "none"}, "cannot be read"),
        ({"event_name": None, "event_date": "20260602"}, "outside the window"),
    ],
)
def test_a_broken_event_in_ndjson(
    row: dict[str, Any], said: str, tmp_path: Path, landing: Landing
) -> None:
    day = date(2026, 6, 1)
    write_events(tmp_path, "events_20260601.ndjson", [event(), event() | row])
    window = Window(day, day + timedelta(days=1))
    assert said in refused(landing, bucket(tmp_path), BrokenContract, window)


def test_ndjson_without_a_column_every_event_has(tmp_path: Path, landing: Landing) -> None:
    row = event()
    del row["privacy_info"]
    write_events(tmp_path, "events_20260601.ndjson", [row])
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    assert "privacy_info is missing" in refused(landing, bucket(tmp_path), BrokenContract, window)
