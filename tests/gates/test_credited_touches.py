"""What the gate calls a touch after its conversion: by the moment, or the day if none is known."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from gates import suites

WHY = "Credited touches come after their conversions; a clock or a zone is read wrongly"
TABLES = """
create schema marts;
create table marts.fct_conversions (
    conversion_id varchar, record_type varchar, journey_id varchar, conversion_at timestamptz,
    conversion_date date, is_time_known boolean);
create table marts.fct_attribution (
    conversion_id varchar, touch_id varchar, model varchar, touch_at timestamptz);
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(TABLES)
        yield con


def credit(con: duckdb.DuckDBPyConnection, *, at: str, is_time_known: bool, touched: str) -> None:
    """Ten deals of one moment, each credited to a touch."""
    con.execute(
        "insert into marts.fct_conversions select 'd' || n, 'deal', 'j' || n, $at::timestamptz,"
        " $at::timestamptz::date, $known from range(10) as deals (n)",
        {"at": at, "known": is_time_known},
    )
    con.execute(
        "insert into marts.fct_attribution select 'd' || n, 't' || n, 'last_touch',"
        " $touched::timestamptz from range(10) as deals (n)",
        {"touched": touched},
    )


def late(con: duckdb.DuckDBPyConnection) -> list[str]:
    (query,) = (
        one.kwargs["unexpected_rows_query"] for one in suites.read("mart") if one.why == WHY
    )
    found = con.execute(str(query).format(batch="marts.fct_attribution")).fetch_arrow_table()
    return [str(row["conversion_id"]) for row in found.sort_by("conversion_id").to_pylist()]


def test_a_touch_of_the_day_of_a_conversion_without_a_time_led_to_it(con):
    credit(con, at="2026-09-01", is_time_known=False, touched="2026-09-01 10:00")
    assert late(con) == []


@pytest.mark.parametrize(
    ("at", "is_time_known", "touched"),
    [
        ("2026-09-01", False, "2026-09-02 00:00"),
        ("2026-09-01 09:00", True, "2026-09-01 09:01"),
    ],
)
def test_later_touches_are_named_with_their_conversions(con, at, is_time_known, touched):
    credit(con, at=at, is_time_known=is_time_known, touched=touched)
    assert late(con) == [f"d{n}" for n in range(10)]


def test_what_came_of_a_lead_without_a_time_is_not_compared(con):
    credit(con, at="2026-09-01 09:00", is_time_known=True, touched="2026-09-02 10:00")
    con.execute(
        "insert into marts.fct_conversions select 'l' || n, 'lead', 'j' || n, '2026-09-02',"
        " '2026-09-02', false from range(10) as leads (n)"
    )
    assert late(con) == []
