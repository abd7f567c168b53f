"""GA4's export as files: what is broken in them costs its event or its day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from contract.ga4_property import (
    WINDOW,
    bucket,
    event,
    extracted,
    land,
    refused,
    rewrite_parquet,
    write_events,
)
from sandbox import bigquery_export
from trueup.errors import BrokenContract
from trueup.landing.gaps import OpenDays
from trueup.landing.store import Landing
from trueup.sources.contract import Absent, SetAside
from trueup.window import Window


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


def test_a_store_that_cannot_be_opened(tmp_path: Path, landing: Landing) -> None:
    unknown = bucket(tmp_path, url="teapot://export/ga4")
    assert "teapot://export/ga4 cannot be opened" in refused(landing, unknown, BrokenContract)


def test_an_empty_bucket(tmp_path: Path, landing: Landing) -> None:
    assert "no file matches" in refused(landing, bucket(tmp_path / "none"), BrokenContract)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"event_timestamp": "soon"}, "event_timestamp cannot be read as BIGINT"),
        # in nanoseconds, and one that no clock shows
        ({"event_timestamp": "1780300800000000000"}, "event_timestamp cannot be read"),
        ({"event_timestamp": "9223372036854775807"}, "event_timestamp cannot be read"),
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
    [aside] = pq.read_table(landing.path(landing.set_aside_file(load))).to_pylist()
    assert said in aside["reason"]


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
