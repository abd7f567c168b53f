"""What a house has reserved, and the rooms it has for it."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, TEXT, TRUTH, WHOLE
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import (
    CURRENCY,
    GOAL,
    ORIGIN_OF_VISIT,
    PERSON,
    RECORD,
    SHOP,
)

BOOKINGS = Shape(
    "bookings",
    "Stays and services reserved for a date.",
    ("record_id",),
    (
        SHOP,
        RECORD,
        Column("transaction_id", TEXT, "the id guests and tags see"),
        Column("booked_at", INSTANT, "when it was made", True),
        Column("is_time_known", TRUTH, "false where only the day is known", True),
        Column("arrival_date", DATE, "first day of the stay"),
        Column("departure_date", DATE, "day after the last night"),
        Column("nights", WHOLE, "nights booked, of all its rooms together"),
        Column("distribution_channel", TEXT, "the way it was sold by: direct, or an agency"),
        Column("is_web", TRUTH, "whether a web visit can stand behind it", True),
        Column("status", TEXT, "`won`, `pending`, `cancelled` or `no_show`", True),
        Column("cancelled_at", INSTANT, "when it was cancelled"),
        Column("booked_amount_local", DECIMAL, "its value when it was made"),
        Column("stayed_amount_local", DECIMAL, "what the stay was worth in the end"),
        Column(
            "unpaid_amount_local",
            DECIMAL,
            "what is still owed, where its system records payments; else null",
        ),
        CURRENCY,
        *GOAL,
        PERSON,
        *ORIGIN_OF_VISIT,
    ),
    money="booked_amount_local",
    is_ledger=True,
)

ROOM_DAYS = Shape(
    "room_days",
    "Rooms of a property on a day, as each stream tells: how many there are, sold and blocked.",
    ("stream", "account_id", "room_type_id", "stay_date", "_day", "_load_id"),
    (
        Column("account_id", TEXT, "the property", True),
        Column("room_type_id", TEXT, "the kind of room; null where none is named"),
        Column("room_type_name", TEXT, "what it is called"),
        Column("stay_date", DATE, "the night, by the day it begins on", True),
        Column("room_count", WHOLE, "rooms there are", True),
        Column("sold_room_count", WHOLE, "rooms that are booked for the night", True),
        Column("blocked_room_count", WHOLE, "rooms that cannot be sold", True),
    ),
    is_witness=True,
)
