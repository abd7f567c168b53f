"""What the property's book holds at a moment: reservations as they stand, sources, rooms, blocks.

`reservations` are made once; `reservation_states` says how each stood from a moment on: status,
worth, what was paid, and whether the change moved the timestamp that callers ask by.
`room_payments` are payments, refunds and voids as they were posted.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sandbox.desk import Desk

Rows = list[dict[str, Any]]
CENT = Decimal("0.01")

RESERVATIONS = """
    with known as (
        select
            reservation_id,
            arg_max(status, known_at) as status,
            arg_max(total, known_at) as total,
            arg_max(rooms_total, known_at) as rooms_total,
            arg_max(paid, known_at) as paid,
            arg_max(departure_date, known_at) as departure_date,
            arg_max(is_deleted, known_at) as is_deleted,
            max(known_at) filter (where moves_stamp) as stamped_at,
            min(known_at) filter (where status = 'canceled') as cancelled_at
        from reservation_states
        where known_at <= $now
        group by reservation_id
    )
    select
        reservations.* exclude (departure_date),
        known.* exclude (reservation_id),
        known.departure_date - reservations.arrival_date as night_count,
        sources.source_name,
        sources.source_category
    from reservations
    inner join known using (reservation_id)
    inner join booking_sources as sources using (source_id)
    where
        ($changed_from::timestamp is null or known.stamped_at >= $changed_from)
        and (
            $changed_to::timestamp is null
            or known.stamped_at < $changed_to::timestamp + interval 1 second
        )
        and (
            $made_to::timestamp is null
            or reservations.created_at < $made_to::timestamp + interval 1 second
        )
        and ($leaving_from::date is null or known.departure_date >= $leaving_from)
        and ($leaving_to::date is null or known.departure_date <= $leaving_to)
        and ($with_deleted or not known.is_deleted)
    order by reservations.created_at, reservation_id
"""


def reservations(
    desk: Desk,
    *,
    changed_from: datetime | None,
    changed_to: datetime | None,
    made_to: datetime | None,
    leaving_from: date | None,
    leaving_to: date | None,
    with_deleted: bool,
) -> Rows:
    return desk.rows(
        RESERVATIONS,
        changed_from=changed_from,
        changed_to=changed_to,
        made_to=made_to,
        leaving_from=leaving_from,
        leaving_to=leaving_to,
        with_deleted=with_deleted,
    )


def sources(desk: Desk) -> Rows:
    return desk.rows("from booking_sources order by source_id")


def rooms(desk: Desk) -> Rows:
    return desk.rows("from rooms order by room_id")


def room_blocks(desk: Desk, first: date, last: date) -> Rows:
    """Those that include a day from `first` to `last`."""
    return desk.rows(
        "from room_blocks where start_date <= $last and end_date >= $first order by room_block_id",
        first=first,
        last=last,
    )


def payments(desk: Desk, first: datetime, last: datetime) -> Rows:
    """Posted from `first` on and before `last`."""
    return desk.rows(
        """from room_payments where moved_at >= $first and moved_at < $last and moved_at <= $now
        order by moved_at, transaction_id""",
        first=first,
        last=last,
    )


def rates(total: Decimal, nights: int) -> list[Decimal]:
    """A price for each night; the last one holds what does not divide."""
    if not nights:
        return []
    each = (total / nights).quantize(CENT, ROUND_DOWN)
    return [*[each] * (nights - 1), total - each * (nights - 1)]
