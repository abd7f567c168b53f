"""GA4: which table a day is read from, and from when on it is written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from contract.ga4_property import (
    DAY,
    EVENTS,
    KNOWN_BY,
    ONE_DAY,
    access_to,
    bucket,
    event,
    land,
    landed,
    write_events,
)
from trueup.errors import BrokenContract
from trueup.landing.store import Landing
from trueup.sources.contract import Absent
from trueup.sources.ga4 import SOURCE
from trueup.sources.ga4 import rows as event_rows
from trueup.window import Window


def test_late_events_arrive_by_restatement_and_end_final(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    morning_after = DAY + timedelta(days=1)
    loads = []
    for days_on in range(EVENTS.restate_days + 1):
        sandbox.desk.set_clock(
            datetime.combine(morning_after + timedelta(days=days_on), KNOWN_BY.time())
        )
        loads.append(landed(landing, land(landing, access_to(sandbox, tmp_path), ONE_DAY)))
    counts = [rows.num_rows for rows in loads]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    assert [pc.all(rows["is_final"]).as_py() for rows in loads] == [False, False, False, True]
    assert set(loads[0]["event_key"].to_pylist()) < set(loads[-1]["event_key"].to_pylist())


def test_an_open_day_is_read_from_its_intraday_table(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-14T22:00"))
    window = Window(date(2026, 9, 13), date(2026, 9, 15))
    rows = landed(landing, land(landing, access_to(sandbox, tmp_path), window))
    kinds = {
        (row["event_date"], row["table_kind"])
        for row in rows.select(["event_date", "table_kind"]).to_pylist()
    }
    assert kinds == {(date(2026, 9, 13), "daily"), (date(2026, 9, 14), "intraday")}
    intraday = rows.filter(pc.equal(rows["table_kind"], "intraday"))
    assert intraday["session_source"].null_count == intraday.num_rows
    assert not pc.any(intraday["is_final"]).as_py()


def test_days_are_those_of_the_property(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    """Lisbon is an hour ahead of UTC in summer: a day begins at 23:00 of the day before."""
    rows = landed(landing, land(landing, access_to(sandbox, tmp_path)))
    con = duckdb.connect()
    con.execute("set TimeZone = 'Europe/Lisbon'")
    con.register("rows", rows)
    assert con.execute("select bool_and(event_at::date = event_date) from rows").fetchone()[0]
    counts = sandbox.desk.rows(
        """select count(*) as n from ga4_events
        where event_at >= '2026-09-11 23:00' and event_at < '2026-09-14 23:00'
            and known_at <= $now"""
    )
    assert rows.num_rows == counts[0]["n"]


def test_daily_and_intraday_files_of_one_day_are_never_both_read(
    landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    write_events(tmp_path, "events_20260601_000.ndjson", [event()])
    write_events(tmp_path, "events_20260601_001.ndjson", [event(batch_event_index=2)])
    write_events(tmp_path, "events_intraday_20260601.ndjson", [event(batch_event_index=3)])
    assert land(landing, bucket(tmp_path), window).row_count == 2


def test_days_before_the_export_began_land_empty_and_are_reported(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """A link exports nothing from before it was made, and history may start earlier."""
    window = Window(date(2026, 7, 30), date(2026, 8, 3))
    load = land(landing, access_to(sandbox, tmp_path), window)
    assert sorted(load.day_counts) == ["2026-08-01", "2026-08-02"]
    pages = SOURCE.extract(access_to(sandbox, tmp_path), EVENTS, window)
    [absent] = [page for page in pages if isinstance(page, Absent)]
    assert absent.why == "the export begins on 2026-08-01, the days before it are empty"


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (["20260601", "20260602"], 2),
        (["20260601", "20260604"], 4),  # what is missing before a daily table is a gap
        (["20260601", "intraday_20260602", "intraday_20260603"], 3),
        (["20260601", "intraday_20260603"], 1),
        (["intraday_20260601", "intraday_20260602"], 2),
        (["20260601", "20260609"], 5),
        (["20260701"], 5),
        (["visits"], 5),
    ],
)
def test_a_day_is_written_once_no_table_before_it_is_still_to_come(
    names: list[str], newest: int, tmp_path: Path
) -> None:
    for name in names:
        write_events(tmp_path, f"events_{name}.ndjson", [event()])
    asked = date(2026, 6, 5)
    assert SOURCE.written_through(bucket(tmp_path), EVENTS, asked) == date(2026, 6, newest)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["20260601", "fresh_20260601", "intraday_20260601"], "daily"),
        (["fresh_20260601", "intraday_20260601"], "fresh"),
        (["intraday_20260601"], "intraday"),
    ],
)
def test_a_day_is_read_from_its_best_table(
    names: list[str], kind: str, landing: Landing, tmp_path: Path
) -> None:
    for name in (*(f"events_{name}" for name in names), "pseudonymous_users_20260601"):
        write_events(tmp_path, f"{name}.ndjson", [event()])
    access = bucket(tmp_path, file_pattern="*.ndjson")
    load = land(landing, access, Window(date(2026, 6, 1), date(2026, 6, 2)))
    assert landed(landing, load)["table_kind"].to_pylist() == [kind]


def test_the_newest_table_is_known_over_rest(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    for asked, newest in (
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 12, 1), date(2026, 9, 15)),
    ):
        assert SOURCE.written_through(access, EVENTS, asked) == newest


@pytest.mark.parametrize("name", ["events_20260601.ndjson", "visits.ndjson"])
def test_files_begin_where_the_export_began(name: str, landing: Landing, tmp_path: Path) -> None:
    write_events(tmp_path, name, [event()])
    access = bucket(tmp_path, file_pattern="*.ndjson")
    all_before, part = (Window(date(2026, 5, 1), date(2026, *day)) for day in ((5, 9), (6, 2)))
    assert land(landing, access, all_before).row_count == 0
    assert land(landing, access, part).day_counts == {"2026-06-01": 1}
    for window in (all_before, part):
        [absent] = [p for p in SOURCE.extract(access, EVENTS, window) if isinstance(p, Absent)]
        assert absent.kind == "before" and "the export begins on 2026-06-01" in absent.why


def test_of_undated_files_only_the_window_is_taken_in(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [f"202606{day:02}" for day in range(1, 21)]
    write_events(tmp_path, "visits.ndjson", [event(event_date=day) for day in days])
    held = []

    def landed_rows(con: duckdb.DuckDBPyConnection, found: list[pa.Table]) -> Any:
        held.extend(one.num_rows for one in found)
        return take_out(con, found)

    take_out = event_rows.landed_rows
    monkeypatch.setattr(event_rows, "landed_rows", landed_rows)
    access = bucket(tmp_path, file_pattern="visits*")
    load = land(landing, access, Window(date(2026, 6, 16), date(2026, 6, 19)))
    assert held == [load.row_count] == [3]
    assert landed(landing, load).sort_by("event_date")["is_final"].to_pylist() == [
        True,
        True,
        False,
    ]


def test_a_table_written_again_with_fewer_rows_is_taken_unless_most_are_gone(
    landing: Landing, tmp_path: Path
) -> None:
    """Google leaves events out as it goes over a day again; a table half of whose rows are gone is
    one it is still writing, or a copy that was cut."""
    day = Window(date(2026, 6, 1), date(2026, 6, 2))

    def written(count: int) -> None:
        rows = [event(user_pseudo_id=f"{number}.1") for number in range(count)]
        write_events(tmp_path, "events_20260601.ndjson", rows)

    for count in (100, 60):
        written(count)
        assert land(landing, bucket(tmp_path), day).row_count == count
    written(25)
    with pytest.raises(BrokenContract, match="shrank; the earlier load stays"):
        land(landing, bucket(tmp_path), day)
    [(load, _)] = landing.current("ga4", EVENTS)
    assert load.row_count == 60
