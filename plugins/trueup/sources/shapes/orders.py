"""What a shop sold, and the money that moved for it and for bookings."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, SUM, TEXT, TRUTH, WHOLE
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

ORDERS = Shape(
    "orders",
    "Orders of a shop.",
    ("record_id",),
    (
        SHOP,
        RECORD,
        Column("transaction_id", TEXT, "the id customers and tags see"),
        Column("other_transaction_id", TEXT, "a second id tags may send"),
        Column("ordered_at", INSTANT, "when it was placed", True),
        Column("is_time_known", TRUTH, "false where only the day is known", True),
        Column("status", TEXT, "`won`, `pending`, `void` or `cancelled`", True),
        Column("is_web", TRUTH, "whether a web visit can stand behind it", True),
        Column("expected_amount_local", DECIMAL, "what a tag would send as its value"),
        Column("shipping_amount_local", DECIMAL, "the part of it tags may leave out"),
        Column("unpaid_amount_local", DECIMAL, "what nobody has paid of it, as it stands now"),
        CURRENCY,
        *GOAL,
        PERSON,
        Column("lead_record_id", TEXT, "the lead it came from"),
        *ORIGIN_OF_VISIT,
    ),
    money="expected_amount_local",
    is_ledger=True,
)

ORDER_MONEY = Shape(
    "order_money",
    "Money that moved, each movement on its own date: sales add, everything else takes away.",
    ("entry_id",),
    (
        SHOP,
        Column("entry_id", TEXT, "the movement's id, unique within the source", True),
        Column("record_type", TEXT, "`order`, `booking` or `deal`", True),
        Column("record_id", TEXT, "its order or booking; null where none is named"),
        Column(
            "entry_type",
            TEXT,
            "`sale`, `discount`, `refund`, `cancellation`, "
            "`chargeback`, `fee`, `correction`; of store credit `credit_sold`, "
            "`credit_spent`, `credit_returned`",
            True,
        ),
        Column("entry_at", INSTANT, "when the money moved", True),
        Column("amount_local", SUM, "signed: what came in is positive", True),
        CURRENCY,
    ),
    money="amount_local",
    is_ledger=True,
)

RECORD_DAYS = Shape(
    "record_days",
    "Days of which a source listed every record it has: what it does not list was deleted.",
    ("account_id", "record_date"),
    (
        Column("account_id", TEXT, "the shop", True),
        Column("record_date", DATE, "day the records were made", True),
        Column("record_count", WHOLE, "how many there are", True),
    ),
    is_witness=True,
)
