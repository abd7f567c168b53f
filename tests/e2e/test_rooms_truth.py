"""The demo company's rooms: what the mart says of its bookings against what the world did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from built import CLOCK, Company

#: The last moment the mart knows of, as naive UTC: the end of the newest day in the reporting zone.
UNTIL = "timezone('UTC', timezone('Europe/Lisbon', (date '{day}' + 1)::timestamp))"


@pytest.fixture(scope="module")
def con(built_company: Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The mart as `build`, the world's tables of the house, and `stood`: each reservation as it was
    when the newest day ended, but for those that changed again before the vendor was asked."""
    with duckdb.connect() as con:
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        for table in ("reservations", "reservation_states", "booking_sources", "rooms",
                      "room_costs", "room_payments", "visits", "ga4_events"):  # fmt: skip
            con.execute(f"create view {table} as from '{world}/{table}.parquet'")
        until = UNTIL.format(day=built_company.day)
        con.execute(f"""
            create table stood as
            select reservations.*, source_name, is_third_party, status,
                coalesce(paid, 0) as paid, total, left_on
            from reservations
            inner join booking_sources using (source_id)
            inner join (
                select reservation_id, arg_max(status, known_at) as status,
                    arg_max(total, known_at) as total,
                    arg_max(departure_date, known_at) as left_on
                from reservation_states where known_at < {until} group by reservation_id
            ) using (reservation_id)
            left join (
                select reservation_id, sum(amount) as paid from room_payments
                where moved_at < {until} group by reservation_id
            ) using (reservation_id)
            where reservation_id not in (
                select reservation_id from reservation_states
                where known_at >= {until} and known_at < '{CLOCK}'
            )
        """)
        con.execute(f"create macro day() as date '{built_company.day}'")
        yield con


def test_every_reservation_is_one_conversion_with_what_became_of_it(
    con: duckdb.DuckDBPyConnection,
):
    columns = "distribution_channel, status, count(*), sum(net_amount)"
    found = con.execute(
        f"select {columns} from build.marts.fct_conversions"
        " where source = 'cloudbeds' and conversion_id in"
        " (select 'cloudbeds:' || reservation_id from stood)"
        " group by 1, 2 order by 1, 2"
    ).fetchall()
    expected = con.execute("""
        select source_name, case status when 'canceled' then 'cancelled' when 'no_show'
            then 'no_show' else 'won' end as status, count(*), sum(paid)
        from stood group by 1, 2 order by 1, 2
    """).fetchall()
    assert found == expected
    assert {status for _, status, _, _ in found} >= {"won", "cancelled"}
    assert len({channel for channel, *_ in found}) == 5


def test_booked_stayed_and_unpaid_value_stand_beside_what_was_paid(
    con: duckdb.DuckDBPyConnection,
):
    wrong = con.execute("""
        select conversion_id, stayed_amount_local, net_amount_local, unpaid_amount_local
        from build.marts.fct_conversions
        inner join stood on conversion_id = 'cloudbeds:' || reservation_id
        where stood.status = 'checked_out' and stayed_amount_local is distinct from total
            or stood.status in ('confirmed', 'checked_in')
            and unpaid_amount_local is distinct from total - paid
            or booked_amount_local is null
    """).fetchall()
    assert wrong == []


def test_an_agencys_commission_is_spent_when_its_guests_left(con: duckdb.DuckDBPyConnection):
    expected = con.execute("""
        select source_id, cost_date, sum(amount)::decimal(18, 4)
        from room_costs where cost_date <= day() group by 1, 2 order by 1, 2
    """).fetchall()
    found = con.execute("""
        select campaign_id, ad_date, sum(spend_amount)::decimal(18, 4)
        from build.marts.fct_ad_performance_daily where platform = 'cloudbeds'
        group by 1, 2 order by 1, 2
    """).fetchall()
    assert len(expected) > 5 and found == expected
    [(channel, spend)] = con.execute("""
        select channel, sum(spend_amount) from build.marts.fct_channel_daily
        where channel = 'agencies' group by 1
    """).fetchall()
    assert spend == sum(amount for _, _, amount in expected)


def test_a_reservations_number_finds_the_visit_it_was_made_in(con: duckdb.DuckDBPyConnection):
    """Of all that GA4 saw, all; of those that are matched by it, none to another visit."""
    seen, matched, wrong = con.execute("""
        select count(*), count(*) filter (match_method = 'transaction_id'),
            count(*) filter (session_key is distinct from
                md5(visits.client_id || '|' || visits.ga_session_id::varchar))
        from (
            select distinct on (transaction_id) transaction_id as reservation_id, client_id
            from ga4_events where event_name = 'purchase' and client_id is not null
                and event_at < (select max(known_at) from reservation_states)
        )
        inner join stood using (reservation_id)
        inner join visits using (visit_id)
        inner join build.intermediate.int_journeys__matched as matched
            on journey_id like '%' || reservation_id
    """).fetchone()
    assert (seen, wrong) == (matched, 0) and seen > 0


def test_an_agencys_booking_is_its_own_and_a_direct_one_never_an_agencys(
    con: duckdb.DuckDBPyConnection,
):
    rows = con.execute("""
        select is_third_party, channel = 'agencies' as is_agencys, count(*)
        from build.marts.fct_attribution
        inner join stood on conversion_id = 'cloudbeds:' || reservation_id
        where model = 'last_non_direct' group by 1, 2 order by 1, 2
    """).fetchall()
    assert {(agency, own) for agency, own, _ in rows} <= {(True, True), (False, False)}
    assert (True, True) in {(agency, own) for agency, own, _ in rows}


def test_a_night_never_has_more_rooms_sold_than_there_are(con: duckdb.DuckDBPyConnection):
    nights = con.execute("""
        select stay_date, sum(room_count), sum(sold_room_count), sum(blocked_room_count)
        from build.marts.fct_rooms_daily group by 1 order by 1
    """).fetchall()
    assert {there for _, there, _, _ in nights} == {24}
    assert all(sold + blocked <= there for _, there, sold, blocked in nights)
    # a night whose booking changed before the vendor was asked may be reported as it is by then
    [(sold, moved)] = con.execute("""
        select sum(left_on - arrival_date) filter (status not in ('canceled', 'no_show')),
            (select count(*) from reservations where created_at < (select max(created_at)
                from stood) and reservation_id not in (select reservation_id from stood))
        from stood
    """).fetchall()
    assert 0 <= sum(one for _, _, one, _ in nights) - sold <= 8 * moved
