"""Server-side events of the demo company: the mart holds what the world's server sent, and what
became of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import built

#: Each event the world's server sent, as far as the demo's clock and history show it, once.
TRUTH = """
    with shown as (
        select *, coalesce(event_id, transaction_id, 'line') as event,
            timezone('Europe/Lisbon', timezone('UTC', sent_at))::date as sent_date,
            count(*) filter (where http_status = 200) over (partition by request_id) as events,
            count(verdict_reason) filter (where http_status = 200)
                over (partition by request_id) as refused
        from memory.server_sends
        where sent_at <= timestamp '2026-09-15 06:00'
    ),
    judged as (
        select *, case
                when http_status = 503 then 3
                when http_status = 400 then 4
                when destination = 'meta' or refused = 0 then 1
                when refused < events then 3
                else 4 end as outcome
        from shown
        where known_at <= timestamp '2026-09-15 06:00'
            and sent_date between date '2026-08-01' and date '2026-09-14'
    )
    select destination, action, send_id, min(sent_date) as sent_date, count(*) as attempts,
        ['accepted', '', 'unknown', 'rejected'][min(outcome)] as outcome,
        any_value(transaction_id) as transaction_id, any_value(event_id) as event_id,
        any_value(value) as value, arg_min(error_subcode, outcome) as error_subcode
    from judged
    group by destination, action, send_id"""


@pytest.fixture(scope="module")
def mart(built_company: built.Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        for table in ("server_sends", "orders", "ga4_events"):
            con.execute(f"create view {table} as from '{world}/{table}.parquet'")
        con.execute(f"create view truth as {TRUTH}")
        con.execute("use build.marts")
        yield con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return con.execute(sql).fetchall()


def test_events_are_the_worlds_by_destination_action_and_day(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    outcomes = ("accepted", "rejected", "unknown")
    of = ", ".join(f"sum((outcome = '{one}')::int)" for one in outcomes)
    figures = f"count(*), {of}, sum((attempts > 1)::int)"
    truth = rows(
        mart,
        f"select destination, action, sent_date, {figures} from memory.truth group by 1, 2, 3",
    )
    found = rows(
        mart,
        """select destination, action, report_date, sent_events, accepted_events,
            rejected_events, unknown_events, retried_events
        from fct_server_events_daily where sent_events > 0""",
    )
    assert sorted(found) == sorted(truth) and len(found) > 80
    seen = dict(rows(mart, "select outcome, count(*) from fct_server_events group by 1"))
    assert set(seen) >= {"accepted", "rejected"}


def test_every_rejection_has_its_code_in_words(mart: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        mart,
        """select destination, coalesce(error_subcode, error_code), count(*), count(reason)
        from fct_server_events where outcome = 'rejected' group by all order by all""",
    )
    assert all(count == explained for _, _, count, explained in found)
    codes = {code for _, code, *_ in found}
    assert codes >= {"2804050"} and any("PROCESSING_ERROR" in str(code) for code in codes)


def test_what_events_say_they_are_worth_is_the_worlds_and_stands_beside_the_ledger(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    ((claimed, with_order, orders),) = rows(
        mart,
        """select sum(accepted_amount), sum(accepted_amount_with_order), sum(order_amount)
        from fct_server_events_daily where action = 'Purchase'""",
    )
    ((truth,),) = rows(
        mart,
        """select sum(value) from memory.truth
        where action = 'Purchase' and outcome = 'accepted'""",
    )
    assert claimed == truth > 0
    # Orders whose payment never came are no sale of the ledger, edits and vouchers change others.
    assert 0 < orders <= claimed * 2 and with_order <= claimed


def test_twins_are_those_the_browser_sent_and_the_shop_took(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        mart,
        """select transaction_id, bool_or(has_browser_event), bool_or(has_order)
        from fct_server_events where transaction_id is not null group by 1""",
    )
    seen = {
        one
        for (one,) in rows(
            mart,
            """select distinct transaction_id from memory.ga4_events
            where event_name = 'purchase' and transaction_id is not null
                and known_at <= timestamp '2026-09-15 06:00'""",
        )
    }
    assert {one for one, has_browser, _ in found if has_browser} == {
        one for one, *_ in found if one in seen
    }
    assert 0 < sum(bool(has_browser) for _, has_browser, _ in found) < len(found)
    assert all(has_order for _, _, has_order in found)
    leads = rows(
        mart,
        """select distinct has_browser_event, has_order from fct_server_events
        where action = 'Lead'""",
    )
    assert leads == [(None, None)]


def test_quality_stands_on_the_day_it_was_reported(mart: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        mart,
        """select report_date::varchar, action, match_quality > 0 and match_quality <= 10
        from fct_server_events_daily where match_quality is not null order by all""",
    )
    assert found == [("2026-09-14", "Lead", True), ("2026-09-14", "Purchase", True)]


def test_nothing_of_a_person_is_in_the_marts_of_server_events(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    texts = str(rows(mart, "from fct_server_events"))
    assert "@" not in texts and "192.0.2" not in texts


def test_the_accounts_of_server_events_close(mart: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        mart,
        """select stream, sum(offered_rows), sum(used_rows) + sum(set_aside_rows)
        from build.health.fct_row_accounts
        where stream in ('attempts', 'requests', 'quality') group by stream order by stream""",
    )
    assert [stream for stream, *_ in found] == ["attempts", "quality", "requests"]
    assert all(offered == explained > 0 for _, offered, explained in found)
