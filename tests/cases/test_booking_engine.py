"""One company whose property is read by the booking engine's API, and whose hotel's real bookings
come by file as well: the same bookings give the same mart, whichever way they came."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from cases.small_company import SmallCompany
from contract.cloudbeds_property import KEY, TABLES, book_in, set_clock
from sandbox.vendors import cloudbeds_book

DAY = "2026-09-14"
#: Two hotels' bookings, as if some years later: those that arrived in August 2016 and were made at
#: most sixty days before; with `HOTEL_BOOKINGS=all` in the environment every one, in minutes.
YEARS_LATER, CHOSEN, HISTORY_START = (
    (9, "true", "2022-06-01")
    if os.environ.get("HOTEL_BOOKINGS") == "all"
    else (
        10,
        "arrival_date_year = '2016' and arrival_date_month = 'August' and lead_time::int <= 60",
        "2026-06-01",
    )
)
HOTEL = """
    create table hotel as
    with named as (
        select {columns} from read_csv('{csv}', all_varchar = true, header = true)
    ),
    dated as (
        select
            *,
            strptime(
                concat_ws(' ', arrival_date_year, arrival_date_month, arrival_date_day_of_month),
                '%Y %B %-d'
            )::date + interval {years} year as arrival
        from named
        where {chosen}
    )
    select
        'h' || row_number() over () as id,
        arrival::date as arrival_date,
        (stays_in_weekend_nights::int + stays_in_week_nights::int) as nights,
        (arrival - to_days(lead_time::int))::date as booked_date,
        (reservation_status_date::date + interval {years} year)::date as status_date,
        distribution_channel as channel, reservation_status as state,
        adr::decimal(18, 2) * (stays_in_weekend_nights::int + stays_in_week_nights::int) as amount
    from dated
    where arrival + to_days(stays_in_weekend_nights::int + stays_in_week_nights::int)
        <= timestamp '2026-09-14'
"""
#: The book of the contract tests, with the hotel's bookings in it; a day is its midnight there,
#: which the book keeps in UTC.
MIDNIGHT = "(({day})::timestamp at time zone 'Europe/Lisbon') at time zone 'UTC'"
WITH_HOTEL = {
    "booking_sources": TABLES["booking_sources"]
    + """ union all
        select distinct channel, channel,
            case when channel in ('TA/TO', 'GDS') then 'OTA' else 'Direct' end,
            channel in ('TA/TO', 'GDS'), case when channel = 'TA/TO' then 10.0 else 0.0 end
        from hotel""",
    "rooms": TABLES["rooms"],
    "room_blocks": TABLES["room_blocks"],
    "room_payments": f"select * {TABLES['room_payments']} where false",
    "reservations": TABLES["reservations"].replace("range(250)", "range(3)")
    + """ union all
        select id, """
    + MIDNIGHT.format(day="booked_date")
    + """, channel, null, 't-1', arrival_date,
            (arrival_date + to_days(nights))::date, null
        from hotel""",
    "reservation_states": TABLES["reservation_states"].replace(
        "where reservation_id != 'dayroom'",
        "where reservation_id != 'dayroom' and not starts_with(reservation_id, 'h')",
    )
    + """ union all
        select id, """
    + MIDNIGHT.format(
        day="case state when 'Canceled' then status_date when 'No-Show' then arrival_date"
        " else arrival_date + to_days(nights) end"
    )
    + """,
            case state when 'Canceled' then 'canceled' when 'No-Show' then 'no_show'
                else 'checked_out' end,
            amount, case when state = 'Check-Out' then amount else 0 end,
            (arrival_date + to_days(nights))::date, false, true, amount
        from hotel""",
}
BOOKINGS = """
    select
        _row, id as booking_id, booked_date, arrival_date, nights, channel as distribution_channel,
        arrival_date + nights::int as departure_date, channel not in ('TA/TO', 'GDS') as is_web,
        case state when 'Canceled' then 'cancelled' when 'No-Show' then 'no_show' else 'won' end
            as status,
        case when state = 'Canceled' then status_date end as cancelled_date, amount as amount_local,
        case when state = 'Check-Out' then amount end as stayed_amount_local, 'EUR' as currency_code
    from input
"""
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def mart(_server: Any, shared: Any, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    folder = tmp_path_factory.mktemp("rooms")
    hotel = tmp_path_factory.mktemp("delivered") / "hotel.parquet"
    with zipfile.ZipFile(shared("real/hotel/hotel_bookings.zip")) as delivered:
        csv = delivered.extract("hotel_bookings.csv", hotel.parent)
    con = duckdb.connect()
    names = [row[0] for row in con.execute(f"describe from read_csv('{csv}')").fetchall()]
    columns = ", ".join(f'trim("{name}") as "{name.strip()}"' for name in names)
    con.execute(HOTEL.format(columns=columns, csv=csv, years=YEARS_LATER, chosen=CHOSEN))
    con.execute(f"copy hotel to '{hotel}' (format parquet)")
    company = SmallCompany(folder, environment={"TRUEUP_SECRET_CLOUDBEDS_KEY": KEY})
    company.sources["cloudbeds"] = {
        "base_url": f"{_server.url}/cloudbeds",
        "accounts": [{"id": "173245", "time_zone": "Europe/Lisbon", "currency": "EUR"}],
        "credentials": {"api_key": "cloudbeds_key"},
        "options": {"requests_per_second": 1000},
    }
    company.write("bookings.sql", BOOKINGS)
    company.feeds.append(
        {"name": "rooms", "stream": "bookings", "path": str(hotel), "sql": "bookings.sql"}
    )
    company.goal("by_engine", {"source": "cloudbeds", "selector": "reservations"})
    company.goal("by_file", {"source": "files", "selector": "bookings"})
    company.channels.append({"channel": "agencies", "is_paid": True, "platform": "cloudbeds"})
    company.more["history"] = {"start": HISTORY_START}
    with pytest.MonkeyPatch.context() as patch:
        book_in(_server.desk, patch, {"hotel": f"from '{hotel}'", **WITH_HOTEL})
        # Nothing is booked while it is read: a listing of many pages is made once.
        patch.setattr(cloudbeds_book, "reservations", _once(cloudbeds_book.reservations))
        set_clock(_server.desk, "2026-09-15T06:00")
        printed = [company.land(source, DAY).text for source in ("cloudbeds", "files")]
        printed += [company.build(DAY).text, company.run("gate").text, company.run("publish").text]
    assert company.mart.exists(), "\n".join(printed)[-6000:]
    return company.query


def _once(listing: Callable[..., Any]) -> Callable[..., Any]:
    made: dict[str, Any] = {}

    def listed(desk: Any, **asked: Any) -> Any:
        key = repr((desk.now, asked))
        if key not in made:
            made.clear()
            made[key] = listing(desk, **asked)
        return made[key]

    return listed


def by_source(mart: Ask, columns: str, table: str, group: str) -> dict[str, list[Any]]:
    """The hotel's rows of each way they came."""
    found: dict[str, list[Any]] = {"cloudbeds": [], "files": []}
    for source, *row in mart(
        f"select source, {columns} from {table} where regexp_matches(conversion_id, ':h[0-9]+$')"
        f" group by source, {group} order by all"
    ):
        found[source].append(row)
    return found


def test_the_same_bookings_give_the_same_conversions(mart: Ask) -> None:
    columns = (
        "status, distribution_channel, conversion_date, arrival_date, count(*), sum(booked_nights),"
        " sum(gross_amount), sum(net_amount)"
    )
    found = by_source(mart, columns, "marts.fct_conversions", "2, 3, 4, 5")
    assert len(found["files"]) > 300 and found["cloudbeds"] == found["files"]
    assert {row[0] for row in found["files"]} == {"won", "cancelled", "no_show"}


def test_the_same_bookings_give_the_same_totals_by_channel(mart: Ask) -> None:
    """Bookings, those that came to nothing, what was booked and what was stayed."""
    columns = (
        "distribution_channel, count(*), count(*) filter (status <> 'won'), sum(gross_amount),"
        " sum(booked_amount_local), sum(net_amount), sum(stayed_amount_local)"
    )
    found = by_source(mart, columns, "marts.fct_conversions", "distribution_channel")
    assert sum(row[1] for row in found["files"]) > 1000 and len(found["files"]) > 3
    for engine, file in zip(found["cloudbeds"], found["files"], strict=True):
        assert engine[:6] == file[:6]
        assert engine[5] == engine[6], "what a cancelled stay came to is what was kept of it"


def test_the_same_bookings_give_the_same_ledger(mart: Ask) -> None:
    columns = "entry_date, entry_type, count(*), sum(amount)"
    found = by_source(mart, columns, "marts.fct_ledger_entries", "2, 3")
    assert len(found["files"]) > 60 and found["cloudbeds"] == found["files"]


def test_an_agencys_commission_is_spend_of_the_agency_when_its_guests_left(mart: Ask) -> None:
    [(spend,)] = mart(
        "select sum(spend_amount) from marts.fct_campaign_daily where platform = 'cloudbeds'"
    )
    [(stayed,)] = mart(
        "select sum(net_amount) from marts.fct_conversions"
        " where source = 'cloudbeds' and distribution_channel = 'TA/TO' and status = 'won'"
    )
    assert spend == stayed / 10 > 1000
    [(channel,)] = mart(
        "select sum(spend_amount) from marts.fct_channel_daily where channel = 'agencies'"
    )
    assert channel == spend


def test_an_agencys_sales_are_its_own_and_no_visit_is_looked_for(mart: Ask) -> None:
    states = mart(
        "select attribution_state, count(*) from marts.fct_conversions where source = 'cloudbeds'"
        " and distribution_channel in ('TA/TO', 'Booking.com') group by 1"
    )
    assert [state for state, _ in states] == ["attributed"]
    [(revenue,)] = mart(
        "select sum(reconciled_revenue_amount) from marts.fct_channel_daily"
        " where channel = 'agencies'"
    )
    [(sold,)] = mart(
        "select sum(net_amount) from marts.fct_conversions where source = 'cloudbeds'"
        " and distribution_channel in ('TA/TO', 'GDS', 'Booking.com')"
    )
    assert revenue == sold


def entries(mart: Ask, name: str) -> list[tuple[str, str, Decimal]]:
    return [
        (str(day), kind, amount)
        for day, kind, amount in mart(
            "select entry_date, entry_type, amount from marts.fct_ledger_entries"
            f" where conversion_id = 'cloudbeds:{name}' order by 1"
        )
    ]


def test_lives_of_reservations_in_the_ledger(mart: Ask) -> None:
    """A late cancellation whose deposit was kept, a day room, one not over, and one deleted."""
    assert entries(mart, "late") == [
        ("2026-08-20", "sale", Decimal(200)), ("2026-09-09", "cancellation", Decimal(-140)),
    ]  # fmt: skip
    assert entries(mart, "dayroom") == [("2026-09-05", "sale", Decimal("45.5"))]
    assert entries(mart, "silent") == [("2026-08-21", "sale", Decimal(260))]
    assert entries(mart, "gone") == []
    aside = mart(
        "select reason, amount_local from health.fct_set_aside"
        " where source = 'cloudbeds' and amount_local > 0"
    )
    assert aside == [("deleted in the booking engine", Decimal(200))]


def test_every_row_is_accounted_for(mart: Ask) -> None:
    accounts = mart(
        "select stream, sum(offered_rows - used_rows - set_aside_rows - superseded_rows)"
        " from health.fct_row_accounts where source = 'cloudbeds' group by 1 order by 1"
    )
    assert [left for _, left in accounts] == [0] * 6
