"""Tracking signals of the small Harbour House, against what its world's visitors and buyers did.

The world's own tables are counted here, day by day, as far as GA4 had shown them by the demo's
clock; nothing of how the models count is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from built import CLOCK, DAY, Company

#: Signal -> by day, the part and the whole it is of, in the world's words.
TRUTH = {
    "consent_granted_share": "select day, count(client_id), count(*) from events group by day",
    "events_per_id": """
        select day, count(*), count(distinct ltrim(transaction_id, '#')) from events
        where event_name = 'purchase' and transaction_id is not null group by day""",
    "event_id_filled": """
        select day, count(transaction_id), count(*) from events
        where event_name = 'purchase' group by day""",
    "event_capture": """
        select day, count(*) filter (where visit_id in (
            select visit_id from events where event_name = 'purchase')), count(*)
        from web_orders group by day""",
    "checkout_rate": """
        select day, count(*) filter (where begun), count(*) from (
            select min(day) as day, bool_or(event_name = 'begin_checkout') as begun
            from events where client_id is not null group by visit_id) group by day""",
}


@pytest.fixture(scope="module")
def con(built_company: Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    local = "({} at time zone 'UTC' at time zone 'Europe/Lisbon')::date"
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        con.execute(
            f"create view events as select *, {local.format('event_at')} as day"
            f" from '{world}/ga4_events.parquet'"
            f" where known_at <= timestamp '{CLOCK}' and {local.format('event_at')} <= '{DAY}'"
        )
        con.execute(
            f"create view web_orders as select *, {local.format('ordered_at')} as day"
            f" from '{world}/orders.parquet' where not is_test and source_name = 'web'"
            f" and {local.format('ordered_at')} <= '{DAY}'"
        )
        yield con


@pytest.mark.parametrize("signal", TRUTH)
def test_a_signal_counts_what_happened(con: duckdb.DuckDBPyConnection, signal: str) -> None:
    found = con.execute(
        "select signal_date, numerator, denominator from build.health.fct_tracking_signals"
        " where signal = ? and dimension = 'all' order by 1",
        [signal],
    ).fetchall()
    assert found == con.execute(f"from ({TRUTH[signal]}) order by 1").fetchall()
    assert len(found) > 30


def test_every_hop_is_watched_and_every_signal_has_rows(con: duckdb.DuckDBPyConnection) -> None:
    """All but first readings of claims, which a history that was landed at once has none of."""
    silent = con.execute(
        "select signal from build.seeds.signals anti join build.health.fct_tracking_signals"
        " using (signal) order by 1"
    ).fetchall()
    assert silent == [("claims_at_age",), ("restated_share",)]


def test_no_day_that_still_fills_up_is_called_mature(con: duckdb.DuckDBPyConnection) -> None:
    ((newest,),) = con.execute(
        "select max(signal_date) from build.health.fct_tracking_signals"
        " where is_mature and signal in ('event_capture', 'claim_ratio', 'tagged_landing_rate')"
    ).fetchall()
    assert newest == date(2026, 9, 11)


def test_segments_of_a_dimension_are_parts_of_the_whole(con: duckdb.DuckDBPyConnection) -> None:
    """An order, a visit or an event is counted in one segment of each dimension."""
    rows = con.execute(
        """
        with sums as (
            select signal, dimension, signal_date, sum(numerator) as part, sum(denominator) as whole
            from build.health.fct_tracking_signals where kind = 'share' group by all
        )
        select count(*), count(*) filter (where sums.whole > every.whole or sums.part > every.part)
        from sums inner join sums as every using (signal, signal_date)
        where every.dimension = 'all' and sums.dimension in ('device', 'browser', 'country')"""
    ).fetchall()
    assert rows[0][0] > 100 and rows[0][1] == 0


def test_categories_of_a_mix_add_up_to_the_whole(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        """
        select signal, dimension, signal_date, sum(numerator), min(denominator), max(denominator)
        from build.health.fct_tracking_signals where kind = 'mix' group by all"""
    ).fetchall()
    assert len(rows) > 100
    assert [row for row in rows if not row[3] == row[4] == row[5]] == []
