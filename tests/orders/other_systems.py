"""What the small company's searches, booking engine and sender of server-side events say.

As in `truth`, everything follows from the day, and `stage` is how far the world has come.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

START, DAYS = date(2026, 9, 1), 20
Row = dict[str, Any]


def _days() -> Iterator[tuple[int, date]]:
    for number in range(DAYS):
        yield number, START + timedelta(days=number)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _changed(number: int, day: date, stage: int) -> datetime:
    """When what was made on a day was last changed: in the end, two days later."""
    return _at(day + timedelta(days=min(2, DAYS - 1 - number) if stage else 0), 15)


def search_terms(account: str, stage: int) -> Iterator[Row]:
    """Early on one of the two terms of a day is not named."""
    for number, day in _days():
        for term in ("small company", None if stage == 0 else "boats"):
            yield {
                "customer_id": account, "currency_code": "EUR", "time_zone": "Europe/Lisbon",
                "campaign_id": f"{account}1", "ad_group_id": "g", "ad_id": "a1", "ad_date": day,
                "search_term": term, "landing_page": "https://small.example/p1",
                "impressions": 9 + number, "clicks": 1, "cost": "0.5", "conversions": stage,
            }  # fmt: skip


def reservations(account: str, stage: int) -> Iterator[Row]:
    """One a day, by the site or an agency; every third is cancelled in the end."""
    for number, day in _days():
        is_cancelled = bool(stage) and number % 3 == 0
        yield {
            "reservation_id": f"res{number}", "property_id": account,
            "status": "canceled" if is_cancelled else "confirmed", "is_deleted": False,
            "created_at": _at(day, 14), "changed_at": _changed(number, day, stage),
            "cancelled_at": _changed(number, day, stage) if is_cancelled else None,
            "arrival_date": day + timedelta(days=1), "departure_date": day + timedelta(days=3),
            "source_id": f"s{number % 2}", "source_name": ["Website", "Agency"][number % 2],
            "source_category": ["Direct", "OTA"][number % 2], "currency_code": "EUR",
            "total_amount": 200 + number, "rooms_amount": 200 + number,
            "paid_amount": 50, "room_count": 1, "night_count": 2,
            "email": f"person{number % 9}@small.example",
        }  # fmt: skip


def nights(account: str, stage: int) -> Iterator[Row]:
    """The second night was added later."""
    for one in reservations(account, stage):
        for offset in range(1 + stage):
            yield {
                "reservation_id": one["reservation_id"], "property_id": account, "room_key": "1",
                "night_date": one["arrival_date"] + timedelta(days=offset), "room_type_id": "d",
                "room_status": "not_checked_in", "rate_amount": 100, "currency_code": "EUR",
                "changed_at": one["changed_at"],
            }  # fmt: skip


def deposits(account: str, stage: int) -> Iterator[Row]:
    """Some are known later, some are given back."""
    for number, day in _days():
        paid = {
            "transaction_id": f"pay{number}", "property_id": account, "code": "9300",
            "moved_at": _at(day, 16), "amount": 50, "currency_code": "EUR",
            "source_kind": "reservation", "reservation_id": f"res{number}",
            "source_id": f"res{number}",
        }  # fmt: skip
        if stage or number % 4:
            yield paid
        if stage and number % 6 == 0:
            back = {"transaction_id": f"back{number}", "code": "9300A", "root_id": f"pay{number}"}
            yield paid | back | {"moved_at": _at(day, 18)}


def agencies(account: str, stage: int) -> Iterator[Row]:
    """The agency is called otherwise in the end."""
    for number, name in enumerate(("Website", "Agency" if stage else "Agents")):
        yield {
            "property_id": account, "source_id": f"s{number}", "source_name": name,
            "is_third_party": bool(number), "is_active": True,
            "commission_percent": 15 if number else None,
        }  # fmt: skip


def rooms(account: str, stage: int) -> Iterator[Row]:
    for number in range(3 + stage):
        yield {
            "property_id": account, "room_id": f"r{number}", "room_type_id": "d",
            "room_type_name": "Double", "is_virtual": False, "is_private": True,
        }  # fmt: skip


def properties(account: str, stage: int) -> Iterator[Row]:
    yield {"property_id": account, "time_zone": "Europe/Lisbon", "currency_code": "EUR"}


def attempts(account: str, stage: int) -> Iterator[Row]:
    """An event of each order, sent again where it was rejected; later lines come late."""
    destination, number_of_account = account.split(":")
    for number, day in _days():
        for attempt in range(2 if number % 3 == 0 else 1):
            if stage == 0 and attempt:
                continue
            is_rejected = number % 3 == 0 and not attempt
            yield {
                "log": "sender", "destination": destination, "account_id": number_of_account,
                "action": "Purchase", "event_key": f"e{number}", "has_event_id": True,
                "transaction_id": f"o{number}-1", "event_at": _at(day, 11),
                "sent_at": _at(day, 12 + attempt), "sent_date": day, "is_test": False,
                "outcome": "rejected" if is_rejected else "accepted",
                "http_status": 400 if is_rejected else 200,
                "error_code": "100" if is_rejected else None,
                "request_id": f"q{number}-{attempt}", "has_email": True,
                "amount": 30 + stage, "currency_code": "EUR",
            }  # fmt: skip
