"""GA4: every event lands once, in whatever parts it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from contract.ga4_property import (
    DATASET,
    EVENTS,
    ONE_DAY,
    access_to,
    bucket,
    event,
    land,
    landed,
    write_events,
)
from trueup.landing.store import Landing
from trueup.sources.contract import Account, ControlTotal
from trueup.sources.ga4 import SOURCE
from trueup.sources.ga4 import rows as event_rows
from trueup.sources.ga4.tables import DayTable
from trueup.window import Window


def test_every_page_is_fetched_and_page_size_changes_nothing(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    before = sandbox.desk.calls["bigquery"]
    small = land(landing, access_to(sandbox, tmp_path, page_size=50), ONE_DAY)
    pages = sandbox.desk.calls["bigquery"] - before
    large = land(landing, access_to(sandbox, tmp_path, page_size=10_000), ONE_DAY)
    assert pages > small.row_count / 50
    assert landed(landing, small).equals(landed(landing, large))


def test_a_second_run_lands_identical_rows(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    first, second = (land(landing, access_to(sandbox, tmp_path), ONE_DAY) for _ in range(2))
    assert landed(landing, first).equals(landed(landing, second))


def test_one_export_for_two_properties_is_read_once(sandbox: Any, tmp_path: Path) -> None:
    two = (Account("310100200", "Europe/Lisbon", "EUR"), Account("2", "Europe/Lisbon", "EUR"))
    properties = replace(access_to(sandbox, tmp_path), accounts=two)
    assert [name for name, _ in SOURCE.parts(properties, EVENTS)] == ["310100200", "2"]
    one_dataset = replace(access_to(sandbox, tmp_path, dataset=DATASET), accounts=two)
    one_folder = replace(bucket(tmp_path), accounts=two)
    for access in (one_dataset, one_folder):
        [(name, narrowed)] = SOURCE.parts(access, EVENTS)
        assert name == "310100200" and narrowed.accounts == two[:1]


def test_the_real_sample_lands(landing: Landing, shared: Callable[[str], Path]) -> None:
    folder = shared("real/ga4_export_sample/events.ndjson").parent
    window = Window(date(2020, 11, 1), date(2021, 2, 1))
    load = land(landing, bucket(folder, file_pattern="events.ndjson"), window)
    con = duckdb.connect()
    con.register("rows", landed(landing, load))
    found = con.execute(
        """select count(*), count(distinct user_pseudo_id), count(distinct event_date),
            count(distinct (user_pseudo_id, ga_session_id)),
            count(*) filter (event_name = 'page_view'),
            count(distinct event_date) filter (not is_final)
        from rows"""
    ).fetchone()
    assert found == (460, 114, 92, 130, 151, 3)


def test_the_real_sample_split_in_two_gives_the_same(
    landing: Landing, shared: Callable[[str], Path]
) -> None:
    folder = shared("real/ga4_export_sample/events.ndjson").parent
    access = bucket(folder, file_pattern="*.ndjson")
    whole = Window(date(2020, 11, 1), date(2020, 12, 1))
    keys_of = [
        {row for row in landed(landing, land(landing, access, window))["event_key"].to_pylist()}
        for window in (whole, *whole.split(15))
    ]
    assert keys_of[0] == keys_of[1] | keys_of[2]


def test_exact_duplicates_are_kept_and_numbered_alike_in_any_order(
    landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    events = [event(), event(), event(params={"page_location": "https://x.example/"}),
              event(batch_event_index=2), event(user_pseudo_id=None)]  # fmt: skip
    keys_of = []
    for number, order in enumerate((events, events[::-1])):
        folder = tmp_path / str(number)
        write_events(folder, "events_20260601.ndjson", order)
        rows = landed(landing, land(landing, bucket(folder), window))
        keys_of.append(rows.select(["event_key", "page_location"]).to_pylist())
    assert keys_of[0] == keys_of[1]
    assert sorted(row["event_key"][-2:] for row in keys_of[0]) == ["-1", "-1", "-1", "-2", "-3"]


def leaves_of(day: date, count: int) -> pa.Table:
    """A day's leaves: each event is named after its second."""
    seconds = pa.array(range(count))
    return pa.table(
        {
            "event_date": pa.repeat(f"{day:%Y%m%d}", count),
            "event_timestamp": pc.multiply(seconds, 1_000_000),
            "event_name": seconds.cast(pa.string()),
            "table_kind": pa.repeat("daily", count),
            "is_final": pa.repeat(True, count),
        }
    )


def test_a_day_of_a_million_events_comes_out_in_parts() -> None:
    con = event_rows.connect()
    hung = Timer(120, con.interrupt)
    hung.start()
    parts = list(event_rows.landed_rows(con, [leaves_of(date(2026, 6, 1), 1_000_000)]))
    hung.cancel()
    assert [part.num_rows for part in parts] == [event_rows.PART_ROWS] * 5


@pytest.mark.parametrize("spoilt", ["is_final", "coalesce(event_name in ({names}), false)"])
def test_what_is_computed_of_an_event_stands_beside_its_texts(
    spoilt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB makes a join of a long list, and its threads give rows in any order."""
    names = ", ".join(f"'{name}'" for name in range(50))
    monkeypatch.setitem(event_rows._LANDED, "is_currency_assumed", spoilt.format(names=names))
    con = event_rows.connect()
    con.execute("set threads = 4")
    days = [date(2026, 6, 1) + timedelta(days=number) for number in range(50)]
    [rows] = event_rows.landed_rows(con, [leaves_of(day, 3_000) for day in days])
    assert (
        rows["event_at"]
        .cast(pa.int64())
        .equals(pc.multiply(rows["event_name"].cast(pa.int64()), 1_000_000))
    )


def test_days_whose_tables_have_other_columns_land_alike() -> None:
    """Google adds columns while the export runs."""
    browsers = pa.array(["Safari", "Edge"])

    def read(table: DayTable) -> event_rows.Read:
        leaves = leaves_of(table.day, 2)
        return [leaves if table.day.day == 2 else leaves.append_column("browser", browsers)], 2

    with event_rows.connect() as con:
        days = [date(2026, 9, number) for number in (1, 2, 3)]
        tables = [DayTable(f"events_{day:%Y%m%d}", day, "daily", True) for day in days]
        *pages, total = event_rows.of_days(con, tables, read, {})
    assert total == ControlTotal("rows", 6)
    assert pa.concat_tables(pages)["browser"].to_pylist() == ["Safari", "Edge", None, None] + [
        "Safari", "Edge"
    ]  # fmt: skip


def test_a_month_of_large_days_lands_every_event_once() -> None:
    first, per_day = date(2026, 9, 1), 25_700
    days = [first + timedelta(days=number) for number in range(28)]

    def read(table: DayTable) -> event_rows.Read:
        return [leaves_of(table.day, per_day)], per_day

    with event_rows.connect() as con:
        tables = [DayTable(f"events_{day:%Y%m%d}", day, "daily", True) for day in days]
        *pages, total = event_rows.of_days(con, tables, read, {})
    assert total == ControlTotal("rows", len(days) * per_day)
    keys = [(key, day) for page in pages for key, day in zip(
        page["event_key"].to_pylist(), page["event_date"].to_pylist(), strict=True
    )]  # fmt: skip
    assert len(keys) == len(set(keys)) == len(days) * per_day
