"""The tables of the house: rooms, ways of sale, reservations with their states, money and costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from sandbox.world.cuts import VISIT_COLUMNS
from sandbox.world.days import Span

if TYPE_CHECKING:
    from sandbox.world.rooms import Booking

AT, TEXT, CENTS = pa.timestamp("us"), pa.string(), pa.int64()
BOOKINGS = [
    ("reservation_id", TEXT), ("created_at", AT), ("source_id", TEXT),
    ("source_reservation_id", TEXT), ("room_type_id", TEXT), ("arrival_date", pa.date32()),
    ("departure_date", pa.date32()), ("visit_id", CENTS), ("person_id", CENTS),
]  # fmt: skip
STATES = [
    ("reservation_id", TEXT), ("known_at", AT), ("status", TEXT), ("total_cents", CENTS),
    ("rooms_cents", CENTS), ("paid_cents", CENTS), ("departure_date", pa.date32()),
    ("moves_stamp", pa.bool_()),
]  # fmt: skip
MONEY = [
    ("reservation_id", TEXT), ("nth", CENTS), ("code", TEXT), ("moved_at", AT), ("cents", CENTS),
    ("root_nth", CENTS),
]  # fmt: skip
OUT = f"""
create table booking_sources as from sources_listed;

create table rooms as
select room_type_id || '-' || unnest(range(1, number + 1)) as room_id, room_type_id,
    room_type_name, false as is_virtual
from types_listed;

create table room_blocks as
select 'b-' || row_number() over (order by start_date) as room_block_id, room_id, room_type_id,
    'out_of_service' as block_type, start_date, end_date
from blocks_listed;

create table reservations as
select bookings_drawn.* exclude (person_id),
    coalesce(people_drawn.email, 'guest.' || reservation_id || '@agency.example') as email
from bookings_drawn
left join people_drawn using (person_id);

create table reservation_states as
select reservation_id, known_at, status, money(total_cents) as total,
    money(rooms_cents) as rooms_total, money(paid_cents) as paid, departure_date,
    false as is_deleted, moves_stamp
from states_drawn;

create table room_payments as
select 54700000000000 + row_number() over (order by moved_at, reservation_id, nth)
        as transaction_id, reservation_id, code, moved_at, money(cents) as amount,
    54700000000000 + first_value(place) over (partition by reservation_id, coalesce(root_nth, nth)
        order by nth) as root_id
from (
    select *, row_number() over (order by moved_at, reservation_id, nth) as place from money_drawn
);

-- the truth: what an agency takes of the rooms of a stay that took place, when the guests left
create table room_costs as
select source_id, reservation_id, states_drawn.departure_date as cost_date,
    (rooms_cents * commission_percent * 0.0001)::decimal(18, 4) as amount
from states_drawn
inner join bookings_drawn using (reservation_id)
inner join sources_listed using (source_id)
where status = 'checked_out' and is_third_party;

create table rooms_seen as
select visit_id, created_at as room_booked_at, reservation_id,
    arg_min(total, known_at) as room_value
from reservations
inner join reservation_states using (reservation_id)
inner join visits_drawn using (visit_id)
where draw(visit_id, 'purchase tag')
    >= purchase_tag_loss(created_at, 'purchase', {VISIT_COLUMNS})
group by visit_id, created_at, reservation_id;
"""


def write(
    con: duckdb.DuckDBPyConnection,
    bookings: list[Booking],
    span: Span,
    sources: Iterable[tuple],
    room_types: Iterable[tuple],
    blocks: Iterable[tuple],
) -> None:
    """Make the tables of the house of what was drawn."""
    tables = {
        "bookings_drawn": (
            [
                {
                    "reservation_id": one.reservation_id, "created_at": one.made_at,
                    "source_id": one.source[0],
                    "source_reservation_id": f"A{one.number * 7919:08d}" if one.source[3] else None,
                    "room_type_id": one.room_type[0], "arrival_date": one.arrival,
                    "departure_date": one.arrival + timedelta(days=one.nights),
                    "visit_id": one.visit_id, "person_id": one.person_id,
                }
                for one in bookings
            ],
            BOOKINGS,
        ),
        "states_drawn": ([state for one in bookings for state in one.states], STATES),
        "money_drawn": ([moved for one in bookings for moved in one.money], MONEY),
    }  # fmt: skip
    for name, (rows, schema) in tables.items():
        con.register("new_rows", pa.Table.from_pylist(rows, pa.schema(schema)))
        con.execute(f"create table {name} as from new_rows")
        con.unregister("new_rows")
    con.execute(
        "create table sources_listed (source_id varchar, source_name varchar,"
        " source_category varchar, is_third_party boolean, commission_percent bigint)"
    )
    con.executemany("insert into sources_listed values (?, ?, ?, ?, ?)",
                    [source[:5] for source in sources])  # fmt: skip
    con.execute(
        "create table types_listed (room_type_id varchar, room_type_name varchar, number bigint)"
    )
    con.executemany("insert into types_listed values (?, ?, ?)",
                    [kind[:3] for kind in room_types])  # fmt: skip
    con.execute(
        "create table blocks_listed (room_id varchar, room_type_id varchar,"
        " start_date date, end_date date)"
    )
    con.executemany(
        "insert into blocks_listed values (?, ?, ?, ?)",
        [
            (room, kind, span.start + timedelta(days=first), span.start + timedelta(days=last))
            for room, kind, first, last in blocks
        ],
    )  # fmt: skip
    con.execute(OUT)
