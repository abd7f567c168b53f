"""Files: rows whose cells are each well and that cannot be right together are set aside as rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from feed_files import Folder

#: Stream -> a row as it should be.
RIGHT: dict[str, dict[str, str]] = {
    "orders": {
        "order_id": "A1", "ordered_date": "2026-09-10", "ordered_at": "2026-09-10 10:00",
        "amount_local": "80", "discount_amount_local": "20", "shipping_amount_local": "5",
        "currency_code": "EUR",
    },
    "refunds": {
        "refund_id": "R1", "refunded_date": "2026-09-10", "refunded_at": "2026-09-10 10:00",
        "amount_local": "80", "currency_code": "EUR",
    },
    "deals": {
        "deal_id": "D1", "won_date": "2026-09-10", "won_at": "2026-09-10 10:00",
        "amount_local": "80", "currency_code": "EUR",
    },
    "leads": {
        "lead_id": "L1", "created_date": "2026-09-10", "created_at": "2026-09-10 10:00",
    },
    "bookings": {
        "booking_id": "B1", "booked_date": "2026-09-10", "booked_at": "2026-09-10 10:00",
        "arrival_date": "2026-09-20", "departure_date": "2026-09-22", "status": "cancelled",
        "cancelled_date": "2026-09-12", "amount_local": "80", "stayed_amount_local": "90",
        "currency_code": "EUR",
    },
    "ad_performance": {
        "campaign_id": "c", "ad_date": "2026-09-10", "spend_amount_local": "5",
        "currency_code": "EUR",
    },
    "claims": {
        "campaign_id": "c", "claim_date": "2026-09-10", "action_id": "buy",
        "date_basis": "click_date", "claimed_conversions": "1", "claimed_amount_local": "5",
        "currency_code": "EUR",
    },
}  # fmt: skip
BARCODE = "400638133393"


def land(folder: Path, stream: str, **wrong: str) -> tuple[int, list[str]]:
    """How many rows landed of a right one and one that is `wrong`, and the reasons."""
    right = RIGHT[stream]
    feed = Folder(folder, stream, f"select _row, {', '.join(right)} from input")
    rows: list[Mapping[str, str]] = [right, right | {next(iter(right)): "Z9"} | wrong]
    text = "\n".join(",".join(line) for line in (right, *(row.values() for row in rows)))
    load = feed.write("feed.csv", text + "\n").land()
    return load.row_count, [reason for _, reason, _ in feed.aside(load)]


@pytest.mark.parametrize(
    ("stream", "wrong", "says"),
    [
        ("orders", {"discount_amount_local": "-20"}, "positive numbers"),
        ("orders", {"shipping_amount_local": "-5"}, "positive numbers"),
        ("orders", {"ordered_at": "2026-06-10 10:00"}, "moves an order by more than two days"),
        ("orders", {"ordered_at": "2026-09-13 03:00"}, "moves an order by more than two days"),
        ("refunds", {"refunded_at": "2026-10-20 10:00"}, "moves a refund"),
        ("deals", {"won_at": "2026-09-01 10:00"}, "moves a deal"),
        ("leads", {"created_at": "2026-09-01 10:00"}, "moves a lead"),
        ("bookings", {"booked_at": "2026-09-01 10:00"}, "moves a booking"),
        ("bookings", {"cancelled_date": "2026-08-15"}, "cancels a day and more before they book"),
        ("bookings", {"arrival_date": "2025-09-20"}, "arrive days before they book"),
        ("bookings", {"departure_date": "2026-09-19"}, "Guests leave after they arrive"),
        ("bookings", {"stayed_amount_local": "-30"}, "No stay comes to less than nothing"),
        ("orders", {"amount_local": BARCODE}, "A hundred billion is no amount"),
        ("orders", {"discount_amount_local": BARCODE}, "A hundred billion is no amount"),
        ("refunds", {"amount_local": BARCODE}, "A hundred billion is no amount"),
        ("deals", {"amount_local": BARCODE}, "A hundred billion is no amount"),
        ("bookings", {"amount_local": BARCODE}, "A hundred billion is no amount"),
        ("bookings", {"stayed_amount_local": BARCODE}, "A hundred billion is no amount"),
        ("ad_performance", {"spend_amount_local": BARCODE}, "A hundred billion is no amount"),
        ("claims", {"claimed_amount_local": BARCODE}, "A hundred billion is no amount"),
    ],
)
def test_a_row_that_cannot_be_right_costs_that_row(
    tmp_path: Path, stream: str, wrong: dict[str, str], says: str
):
    count, (reason,) = land(tmp_path, stream, **wrong)
    assert count == 1 and says in reason


@pytest.mark.parametrize(
    ("stream", "odd"),
    [
        ("orders", {"ordered_at": "2026-09-12 10:00"}),  # a day that is the customer's
        ("orders", {"ordered_at": "2026-09-08 10:00"}),
        ("bookings", {"stayed_amount_local": "500"}),  # a fee above what it was worth
        ("bookings", {"arrival_date": "2026-09-09"}),  # a walk-in, entered the morning after
        ("bookings", {"cancelled_date": "2026-09-09"}),  # the day of another time zone
        ("bookings", {"departure_date": "2026-09-20"}),  # a day room
        ("orders", {"amount_local": "99999999999"}),
    ],
)
def test_a_row_that_is_merely_odd_lands(tmp_path: Path, stream: str, odd: dict[str, str]):
    assert land(tmp_path, stream, **odd) == (2, [])
