"""GA4: every kind of bad input is one clear error, and nothing of it is landed."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.ga4_property import FOR_EVER, ONE_DAY, WINDOW, access_to, extracted, refused
from sandbox.desk import Asked, Instead
from trueup.errors import BrokenContract, TrueupError, UnknownRefusal, VendorUnavailable
from trueup.landing.store import Landing
from trueup.sources.contract import Absent, ControlTotal, SetAside
from trueup.sources.ga4 import cells, client, rows
from trueup.sources.ga4.tables import DayTable
from trueup.window import Window


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
    query = cells.select_page(places, {"event_name": "event_name"}, table)
    value = {"v": {"f": [{"v": "https://x.example/"}, {"v": None}]}}
    for first, is_whole in ((value, True), ({"v": None}, False)):
        params = [("page_title", first), ("page_location", value)]
        listed = [{"v": {"f": [{"v": key}, held]}} for key, held in params]
        row = json.dumps({"f": [{"v": "page_view"}, {"v": listed}]})
        con = rows.connect()
        con.execute("create table page as select [?::json] as rows", [row])
        got = con.execute(f"select page_location, odd from ({query})").fetchall()
        assert got == [("https://x.example/", None) if is_whole else (None, "event_params")]


def test_a_dataset_without_a_table_of_events(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.Dataset, "table_names", lambda _: ["pseudonymous_users_20260913"])
    said = refused(landing, access_to(sandbox, tmp_path), BrokenContract)
    assert "the export has no table of events" in said
