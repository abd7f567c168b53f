"""GA4: every kind of bad input is one clear error, and nothing of it is landed."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
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
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.gaps import OpenDays
from trueup.landing.store import Landing
from trueup.sources.contract import Absent, ControlTotal, SetAside
from trueup.sources.ga4 import SOURCE, cells, client, rows
from trueup.sources.ga4.tables import DayTable
from trueup.window import Window

FOR_EVER = 1_000
ONE_DAY = Window(date(2026, 9, 13), date(2026, 9, 14))


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
    assert sandbox.desk.calls["bigquery"] - before == 1


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


@pytest.mark.parametrize(
    "broken",
    [
        "not JSON",
        '{"type": "service_account"}',
        "null",
        '{"client_email": "a@b.example", "private_key": "k", "token_uri": "https://t.example"}',
    ],
)
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
    ("fault", "error", "said"),
    [
        ("truncated", UnknownRefusal, "cannot be read (truncated?)"),
        ("missing_column", BrokenContract, "privacy_info.analytics_storage is missing from"),
        ("retyped_column", BrokenContract, "event_timestamp is retyped in"),
        ("empty_day", BrokenContract, "3 empty day(s), first 2026-09-12"),
        ("duplicate_page", UnknownRefusal, "twice"),
        ("missing_last_page", UnknownRefusal, "does not hold the rows it states"),
    ],
)
def test_answers_that_stay_broken_are_one_clear_error(
    fault: str,
    error: type[TrueupError],
    said: str,
    sandbox: Any,
    landing: Landing,
    tmp_path: Path,
) -> None:
    sandbox.desk.order_fault("ga4", fault, FOR_EVER)
    assert said in refused(landing, access_to(sandbox, tmp_path), error)


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        ("truncated", 2),
        ("missing_column", 1),
        ("retyped_column", 1),
        ("empty_day", 1),  # none counted, then rows: the table was rewritten meanwhile
        ("duplicate_page", 1),
        ("missing_last_page", 1),
    ],
)
def test_an_answer_broken_once_is_asked_for_again(
    fault: str, times: int, sandbox: Any, tmp_path: Path
) -> None:
    calm = extracted(access_to(sandbox, tmp_path))
    sandbox.desk.order_fault("ga4", fault, times)
    assert extracted(access_to(sandbox, tmp_path)) == calm
    assert not sandbox.desk.takes_fault("ga4", fault)


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


@pytest.mark.parametrize("fault", ["missing_column", "missing_table", "duplicate_page"])
def test_a_day_that_cannot_be_read_costs_that_day(fault: str, sandbox: Any, tmp_path: Path) -> None:
    calm, _ = extracted(access_to(sandbox, tmp_path))
    sandbox.desk.order_fault("ga4", fault, 1 if fault == "missing_table" else 2)
    keys, others = extracted(access_to(sandbox, tmp_path))
    [absent] = [page for page in others if isinstance(page, Absent)]
    [total] = [page for page in others if isinstance(page, ControlTotal)]
    day = WINDOW.last_day if fault == "missing_table" else WINDOW.since
    assert absent.days == Window(day, day + timedelta(days=1))
    of_day, _ = extracted(access_to(sandbox, tmp_path), absent.days)
    assert keys == calm - of_day and of_day and total.value == len(keys)


@pytest.mark.parametrize(
    ("reason", "status", "error"),
    [
        ("backendError", 500, VendorUnavailable),
        ("internalError", 503, VendorUnavailable),
        ("jobRateLimitExceeded", 400, VendorUnavailable),
        ("badGateway", 502, VendorUnavailable),
        ("billingNotEnabled", 403, AccessDenied),
        ("somethingNew", 400, UnknownRefusal),
        (None, 413, UnknownRefusal),
    ],
)
def test_the_reason_says_what_a_refusal_means(
    reason: str | None, status: int, error: type[TrueupError], sandbox: Any, tmp_path: Path
) -> None:
    detail = {"reason": reason, "message": "not now"}
    content: Any = {"error": {"code": status, "errors": [detail]}} if reason else "<html>413</html>"
    answer = Instead(status, content)
    access = access_to(sandbox, tmp_path)

    def spoil(asked: Asked, _: Any) -> Instead | None:
        return answer if asked.path.startswith("v2/") else None

    if error is not AccessDenied:
        sandbox.desk.spoil("bigquery", spoil, times=2)
        assert extracted(access)[0]
    sandbox.desk.spoil("bigquery", spoil, times=FOR_EVER)
    with pytest.raises(error) as raised:
        extracted(access)
    assert raised.value.permanent is (error is AccessDenied)


def test_a_page_too_large_for_bigquery_is_asked_for_smaller(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path, page_size=1000)
    calm = extracted(access)

    def spoil(asked: Asked, _: Any) -> Instead | None:
        is_large = asked.path.endswith("/data") and int(asked.params["maxResults"]) > 200
        error = {"code": 403, "errors": [{"reason": "responseTooLarge"}]}
        return Instead(403, {"error": error}) if is_large else None

    sandbox.desk.spoil("bigquery", spoil, times=FOR_EVER)
    assert extracted(access) == calm


def test_one_odd_value_costs_its_event(sandbox: Any, tmp_path: Path) -> None:
    """BigQuery's FLOAT knows NaN; a sum of money does not."""
    access = access_to(sandbox, tmp_path, page_size=10_000)
    calm, _ = extracted(access, ONE_DAY)

    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("/data"):
            return None
        text = json.dumps(answer)
        # Of a parameter's parts the number is the last; a purchase's revenue is not.
        revenue = r'"v": "\d{2,3}\.\d{1,2}"(?=}, \{)'
        changed = re.sub(revenue, '"v": "NaN"', text, count=1)
        assert changed != text
        return json.loads(changed)

    sandbox.desk.spoil("bigquery", spoil)
    keys, others = extracted(access, ONE_DAY)
    [odd] = [page for page in others if isinstance(page, SetAside)]
    assert len(keys) == len(calm) - 1 and keys < calm
    assert odd.reason == "purchase_revenue cannot be read as DECIMAL(18,6)"
    assert odd.day == ONE_DAY.since and "purchase" in odd.position


def test_an_intraday_table_that_ends_while_it_is_read_is_worth_a_retry(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pick_as_the_day_closes(*args: Any) -> Any:
        tables = pick_tables(*args)
        sandbox.desk.set_clock(datetime.fromisoformat("2026-09-15T06:00"))
        return tables

    pick_tables = client.pick_tables
    monkeypatch.setattr(client, "pick_tables", pick_as_the_day_closes)
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-15T04:00"))
    said = refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)
    assert "events_intraday_20260914" in said


def test_a_parameter_without_its_value_does_not_shift_the_others() -> None:
    schema = [
        {"name": "event_name", "type": "STRING", "mode": "NULLABLE"},
        {"name": "event_params", "type": "RECORD", "mode": "REPEATED", "fields": [
            {"name": "key", "type": "STRING", "mode": "NULLABLE"},
            {"name": "value", "type": "RECORD", "mode": "NULLABLE", "fields": [
                {"name": "string_value", "type": "STRING", "mode": "NULLABLE"},
                {"name": "int_value", "type": "INTEGER", "mode": "NULLABLE"},
            ]},
        ]},
    ]  # fmt: skip
    places = cells.positions(schema, {path for path, _ in cells.types(schema)})
    table = DayTable("events_20260601", date(2026, 6, 1), "daily", False)
    insert = cells.insert_page(places, {"event_name": "event_name"}, table)
    value = {"v": {"f": [{"v": "https://x.example/"}, {"v": None}]}}
    for first, is_whole in ((value, True), ({"v": None}, False)):
        params = [("page_title", first), ("page_location", value)]
        listed = [{"v": {"f": [{"v": key}, held]}} for key, held in params]
        row = json.dumps({"f": [{"v": "page_view"}, {"v": listed}]})
        con = rows.connect()
        con.execute("create table page as select [?::json] as rows", [row])
        con.execute(insert)
        got = con.execute("select page_location, odd from leaves").fetchall()
        assert got == [("https://x.example/", None) if is_whole else (None, "event_params")]


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
def test_a_broken_parquet_file_costs_its_day(
    select: str, said: str, exported: Path, landing: Landing
) -> None:
    rewrite_parquet(exported / "events_20260913-000000000000.parquet", select)
    with pytest.raises(OpenDays) as raised:
        land(landing, bucket(exported))
    assert said in str(raised.value) and raised.value.days == (date(2026, 9, 13),)
    keys, _ = extracted(bucket(exported))
    assert len(keys) > 300


def test_a_cut_off_parquet_file_costs_its_day(exported: Path) -> None:
    path = exported / "events_20260913-000000000000.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    keys, others = extracted(bucket(exported))
    [absent] = [page for page in others if isinstance(page, Absent)]
    assert keys and absent.days == Window(date(2026, 9, 13), date(2026, 9, 14))
    assert "cannot be read" in absent.why


def test_one_odd_value_in_a_parquet_file_costs_its_event(exported: Path) -> None:
    calm, _ = extracted(bucket(exported))
    rewrite_parquet(
        exported / "events_20260913-000000000000.parquet",
        """select * replace (case when row_number() over () = 5 then struct_update(ecommerce,
            purchase_revenue := 'NaN'::double) else ecommerce end as ecommerce) from rows""",
    )
    keys, others = extracted(bucket(exported))
    [odd] = [page for page in others if isinstance(page, SetAside)]
    assert len(keys) == len(calm) - 1 and "purchase_revenue" in odd.reason


def test_a_missing_file_is_named_until_somebody_takes_the_day_as_empty(
    exported: Path, landing: Landing
) -> None:
    (exported / "events_20260913-000000000000.parquet").unlink()
    said = refused(landing, bucket(exported), BrokenContract)
    assert "no table events_20260913" in said
    assert "--accept-empty" in said and "sources.ga4.allow_empty" in said
    for settings in ({"empty_ok": True}, {"accepted": True}):
        load = land(landing, bucket(exported), **settings)
        assert sorted(load.day_counts) == ["2026-09-12", "2026-09-14"]
    land(landing, bucket(exported))  # the re-read of the next days asks nobody again


def test_a_table_google_may_still_write_is_not_taken_for_an_empty_day(
    exported: Path, landing: Landing
) -> None:
    (exported / "events_20260914-000000000000.parquet").unlink()
    with pytest.raises(BrokenContract, match="Google may be late") as caught:
        land(landing, bucket(exported), empty_ok=True)
    assert "allow_empty" not in str(caught.value)
    load = land(landing, bucket(exported), accepted=True)
    assert sorted(load.day_counts) == ["2026-09-12", "2026-09-13"]


def test_days_whose_tables_expired_keep_their_earlier_load(
    tmp_path: Path, landing: Landing
) -> None:
    """A table expires, by default after 60 days in a project without billing."""
    path = write_events(tmp_path, "events_20260601.ndjson", [event()])
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    first = land(landing, bucket(tmp_path), window)
    path.rename(tmp_path / "events_20260801.ndjson")
    with pytest.raises(BrokenContract, match="fetch of 2026-06-01 shrank; the earlier load stays"):
        land(landing, bucket(tmp_path), window, empty_ok=True)
    assert landing.loads("ga4", "events") == [first]


def test_a_dataset_without_a_table_of_events(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.Dataset, "table_names", lambda _: ["pseudonymous_users_20260913"])
    said = refused(landing, access_to(sandbox, tmp_path), BrokenContract)
    assert "the export has no table of events" in said


def test_a_store_that_cannot_be_opened(tmp_path: Path, landing: Landing) -> None:
    unknown = bucket(tmp_path, url="teapot://export/ga4")
    assert "teapot://export/ga4 cannot be opened" in refused(landing, unknown, BrokenContract)


def test_an_empty_bucket(tmp_path: Path, landing: Landing) -> None:
    assert "no file matches" in refused(landing, bucket(tmp_path / "none"), BrokenContract)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"event_timestamp": "soon"}, "event_timestamp cannot be read as BIGINT"),
        ({"event_params": "none"}, "event_params cannot be read"),
        ({"privacy_info": "none"}, "privacy_info cannot be read"),
        ({"event_date": "2026-06-01"}, "event_date cannot be read as DATE"),
        ({"ecommerce": {"purchase_revenue": "lots"}}, "purchase_revenue cannot be read as"),
        ("{cut off", "not valid JSON"),
        ("[1, 2]", "the record cannot be read"),
    ],
)
def test_a_broken_event_in_ndjson_costs_that_event(
    row: dict[str, Any] | str, said: str, tmp_path: Path, landing: Landing
) -> None:
    path = write_events(tmp_path, "events_20260601.ndjson", [event(), event(event_name="x")])
    broken = row if isinstance(row, str) else json.dumps(event() | row)
    path.write_text(broken + "\n" + path.read_text())
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    load = land(landing, bucket(tmp_path), window)
    assert (load.row_count, load.set_aside_count) == (2, 1)
    [told] = pq.read_table(landing.path(landing.set_aside_file(load))).to_pylist()
    assert said in told["reason"]


def test_an_event_of_another_day_is_outside_and_counted(tmp_path: Path, landing: Landing) -> None:
    write_events(tmp_path, "events_20260601.ndjson", [event(), event(event_date="20260602")])
    load = land(landing, bucket(tmp_path), Window(date(2026, 6, 1), date(2026, 6, 2)))
    assert load.row_count == 1 and load.outside and load.outside.rows == 1


def test_ndjson_without_a_column_every_event_has(tmp_path: Path, landing: Landing) -> None:
    row = event()
    del row["privacy_info"]
    write_events(tmp_path, "events_20260601.ndjson", [row])
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    assert "privacy_info is missing" in refused(landing, bucket(tmp_path), BrokenContract, window)


def test_an_event_without_a_day_is_not_left_out_of_undated_files(
    tmp_path: Path, landing: Landing
) -> None:
    write_events(tmp_path, "visits.ndjson", [event(), event(event_date=None)])
    access = bucket(tmp_path, file_pattern="visits*")
    load = land(landing, access, Window(date(2026, 6, 1), date(2026, 6, 2)))
    assert (load.row_count, load.set_aside_count) == (1, 1)
