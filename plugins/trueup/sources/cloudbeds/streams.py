"""What lands from Cloudbeds. Amounts are in the property's currency."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

API_VERSION = "v1.3"
ACCOUNTING_VERSION = "v1.0"
MONEY = "DECIMAL(18,6)"
INSTANT = "TIMESTAMPTZ"

#: `changed_at` is when the reservation was last changed, moved into the window where it was read
#: again without a change that the vendor dates.
RESERVATIONS = Stream(
    name="reservations",
    shape="bookings",
    kind="changes",
    key=("reservation_id",),
    cursor="changed_at",
    restate_days=2,
    chunk_days=31,
    history=True,
    empty_ok=True,
    control=("total_amount",),
    money="total_amount",
    columns=(
        Column("reservation_id", required=True),
        Column("property_id", required=True),
        Column("status", required=True),
        Column("is_deleted", "BOOLEAN", required=True),
        Column("created_at", INSTANT, required=True),
        Column("changed_at", INSTANT, required=True),
        Column("cancelled_at", INSTANT),
        Column("arrival_date", "DATE", required=True),
        Column("departure_date", "DATE", required=True),
        # how it was sold: a source of the property, such as Website or Booking.com
        Column("source_id"),
        Column("source_name"),
        Column("source_category"),
        # the number it has at the agency
        Column("source_reservation_id"),
        Column("currency_code", required=True),
        # with taxes and fees
        Column("total_amount", MONEY, required=True),
        # of the rooms alone, before taxes and fees
        Column("rooms_amount", MONEY),
        Column("paid_amount", MONEY),
        Column("room_count", "BIGINT", required=True),
        Column("night_count", "BIGINT", required=True),
        Column("email", pii="email"),
    ),
)

#: One row per room and night as it is booked now. Nights that were taken off are not listed any
#: more: only those landed with the newest version of their reservation are of it.
NIGHTS = Stream(
    name="nights",
    shape="room_days",
    kind="changes",
    key=("reservation_id", "room_key", "night_date"),
    cursor="changed_at",
    restate_days=2,
    chunk_days=31,
    empty_ok=True,
    control=("rate_amount",),
    money="rate_amount",
    columns=(
        Column("reservation_id", required=True),
        Column("property_id", required=True),
        # of one reservation: the room's own number in it
        Column("room_key", required=True),
        Column("night_date", "DATE", required=True),
        Column("room_type_id"),
        Column("room_id"),
        Column("room_status"),
        Column("rate_amount", MONEY),
        Column("currency_code", required=True),
        Column("changed_at", INSTANT, required=True),
    ),
)

#: Channels of distribution. What they charge is a share of the booking, as it is set now.
SOURCES = Stream(
    name="sources",
    shape="campaigns",
    kind="snapshot",
    key=("source_id",),
    history=True,
    columns=(
        Column("property_id", required=True),
        Column("source_id", required=True),
        Column("source_name"),
        Column("is_third_party", "BOOLEAN"),
        Column("is_active", "BOOLEAN"),
        Column("commission_percent", MONEY),
        # who takes the guest's money: the hotel or the channel
        Column("payment_collect"),
    ),
)

ROOMS = Stream(
    name="rooms",
    shape="room_days",
    kind="snapshot",
    key=("room_id",),
    columns=(
        Column("property_id", required=True),
        Column("room_id", required=True),
        Column("room_type_id", required=True),
        Column("room_type_name"),
        # made of other rooms, which are listed themselves
        Column("is_virtual", "BOOLEAN"),
        # those it is made of, or part of, with a semicolon between
        Column("linked_room_ids"),
        Column("is_private", "BOOLEAN"),
    ),
)

#: Rooms that could not be sold on a day. The vendor answers 35 days at once.
ROOM_BLOCKS = Stream(
    name="room_blocks",
    shape="room_days",
    kind="day",
    key=("block_date", "room_block_id", "room_id"),
    day="block_date",
    # A block is entered late or lifted while it lasts.
    restate_days=35,
    chunk_days=35,
    empty_ok=True,
    columns=(
        Column("block_date", "DATE", required=True),
        Column("property_id", required=True),
        Column("room_block_id", required=True),
        Column("room_id", required=True),
        Column("room_type_id"),
        # blocked_dates, out_of_service or courtesy_hold
        Column("block_type"),
    ),
)

#: Payments, refunds and voids, never changed once they are posted. One may be entered for a day
#: that is over, also when the month's books are closed: the last month is read again, in one piece.
TRANSACTIONS = Stream(
    name="transactions",
    shape="order_money",
    kind="changes",
    key=("transaction_id",),
    cursor="moved_at",
    restate_days=30,
    chunk_days=31,
    empty_ok=True,
    money="amount",
    columns=(
        Column("transaction_id", required=True),
        Column("property_id", required=True),
        # 9300 is a payment by card, 9300A its refund, 9300V a void
        Column("code", required=True),
        Column("moved_at", INSTANT, required=True),
        Column("amount", MONEY, required=True),
        Column("currency_code", required=True),
        # the payment that a refund or a void takes back
        Column("root_id"),
        Column("source_kind"),
        # the reservation's number as its guest knows it, and the engine's own
        Column("reservation_id"),
        Column("source_id"),
    ),
)

PROPERTY = Stream(
    name="property",
    shape="settings",
    kind="snapshot",
    key=("property_id",),
    history=True,
    columns=(
        Column("property_id", required=True),
        Column("time_zone", required=True),
        Column("currency_code", required=True),
    ),
)

STREAMS = (RESERVATIONS, NIGHTS, TRANSACTIONS, SOURCES, ROOMS, ROOM_BLOCKS, PROPERTY)
