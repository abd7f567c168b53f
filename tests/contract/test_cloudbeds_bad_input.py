"""Cloudbeds: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.cloudbeds_property import KEY, WINDOW, access_to, book_in, extracted, land
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access, Account

VENDOR = "cloudbeds"
RESERVATIONS = "getReservationsWithRateDetails"


@pytest.fixture
def access(sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    book_in(sandbox.desk, monkeypatch)
    return access_to(sandbox.url, tmp_path)


@pytest.mark.parametrize(
    ("stream", "fault", "times", "error", "says"),
    [
        ("reservations", "unauthorized", 1, AccessDenied, "access_denied"),
        ("sources", "no_scope", 1, AccessDenied, "read:roomblock"),
        ("reservations", "user_gone", 1, AccessDenied, "a user who is active"),
        ("reservations", "throttle", 99, VendorUnavailable, "HTTP 429"),
        ("nights", "server_error", 99, VendorUnavailable, "HTTP 503"),
        ("reservations", "mood", 99, UnknownRefusal, "nobody here knows"),
        ("reservations", "truncated", 99, UnknownRefusal, "cannot be read (truncated?)"),
        ("reservations", "missing_last_page", 99, LostPage, "lost a page"),
        ("reservations", "duplicate_page", 99, LostPage, "lost a page, or sent one twice"),
        ("reservations", "retyped_column", 999, BrokenContract, "total_amount"),
    ],
)
def test_each_fault_is_one_clear_error(
    sandbox: Any, access: Access, landing: Landing,
    stream: str, fault: str, times: int, error: type[TrueupError], says: str,
) -> None:  # fmt: skip
    sandbox.desk.order_fault(VENDOR, fault, times)
    with pytest.raises(error) as raised:
        land(landing, access, stream)
    message = str(raised.value)
    for part in (f"source: {VENDOR}", f"stream: {stream}", "next step: ", says):
        assert part in message
    # a refusal's sentence may be about a person
    assert KEY not in message and "Ana Silva" not in message
    assert landing.loads(VENDOR, stream) == []


@pytest.mark.parametrize("fault", ["throttle", "server_error", "mood", "truncated"])
def test_what_passes_is_waited_for(sandbox: Any, access: Access, fault: str) -> None:
    calm = extracted(access, "reservations")
    sandbox.desk.order_fault(VENDOR, fault, 2)
    assert extracted(access, "reservations") == calm


@pytest.mark.parametrize("fault", ["duplicate_page", "missing_last_page"])
def test_a_page_lost_or_sent_twice_once_is_asked_for_again(
    sandbox: Any, access: Access, fault: str
) -> None:
    calm = extracted(access, "reservations")
    sandbox.desk.order_fault(VENDOR, fault, 1)
    assert extracted(access, "reservations") == calm


@pytest.mark.parametrize("status", [500, 502, 504, 520])
def test_a_page_of_a_proxy_in_its_place_is_waited_for(
    sandbox: Any, access: Access, status: int
) -> None:
    page = Instead(status, "<html>cloudflare</html>", {"content-type": "text/html"})
    calm = extracted(access, "sources")
    sandbox.desk.spoil(VENDOR, lambda asked, _: page, times=2)
    assert extracted(access, "sources") == calm


@pytest.mark.parametrize(
    ("account", "error", "says"),
    [
        (Account("999", "Europe/Lisbon", "EUR"), AccessDenied, "does not open the property"),
        (Account("173245", "Europe/Madrid", "EUR"), BrokenContract, "time zone"),
        (Account("173245", "Europe/Lisbon", "USD"), BrokenContract, "currency"),
    ],
)
def test_the_property_is_the_company_files(
    access: Access, account: Account, error: type[TrueupError], says: str
) -> None:
    with pytest.raises(error, match=says):
        extracted(replace(access, accounts=(account,)), "reservations")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reservationID": None}, "reservationID is missing"),
        ({"reservationID": {"id": 1}}, "reservationID is missing"),
        ({"reservationCheckIn": "soon"}, "reservationCheckIn is no day"),
        ({"reservationCheckIn": None}, "reservationCheckIn is no day"),
        ({"dateModifiedUTC": "yesterday"}, "dateModifiedUTC is no date and time"),
        ({"dateModifiedUTC": None, "dateModified": None}, "dateModified is missing"),
        ({"dateModifiedUTC": "0000-00-00 00:00:00", "dateModified": ""}, "dateModified is missing"),
        ({"dateModifiedUTC": "1970-01-01 00:00:00", "dateModified": ""}, "dateModified is missing"),
        ({"rooms": "none"}, "no list of objects"),
        ({"rooms": ["r-1"]}, "no list of objects"),
    ],
)
def test_one_odd_reservation_costs_that_reservation(
    sandbox: Any, access: Access, change: dict[str, Any], says: str
) -> None:
    calm, _, stated = extracted(access, "reservations")

    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith(RESERVATIONS):
            return None
        answer["data"][2] |= change
        return answer

    sandbox.desk.spoil(VENDOR, spoil)
    found, [aside], still = extracted(access, "reservations")
    assert len(found) == len(calm) - 1 and still == stated
    assert says in aside.reason and aside.amount == 200 and "@" not in aside.content


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        # an empty map as a list, ISO 8601 with its offset, a number as text, what is left out
        ({"rooms": []}, "room_count", 0),
        ({"rooms": {}}, "room_count", 0),
        ({"guestList": []}, "email", None),
        # guests that were merged: the reservation's is listed no more
        (
            {
                "guestID": "gone",
                "guestList": {
                    "8": {"guestEmail": "with@example.com", "isMainGuest": False},
                    "9": {"guestEmail": "main@example.com", "isMainGuest": True},
                },
            },
            "email",
            "main@example.com",
        ),
        ({"balanceDetailed": []}, "paid_amount", None),
        ({"source": []}, "source_id", None),
        ({"sourceReservationID": ""}, "source_reservation_id", None),
        ({"reservationCheckIn": "2026-09-01T15:00:00+01:00"}, "arrival_date", "2026-09-01"),
        ({"dateCreatedUTC": "2026-08-02T10:02:00Z"}, "created_at", "2026-08-02 10:02:00+00:00"),
        ({"dateCreatedUTC": None}, "created_at", "2026-08-02 11:02:00+01:00"),
        ({"total": "200.00"}, "total_amount", "200.00"),
        ({"propertyCurrency": None}, "currency_code", "EUR"),
        ({"status": "in_house"}, "status", "in_house"),
    ],
)
def test_the_forms_a_field_comes_in_are_read(
    sandbox: Any, access: Access, change: dict[str, Any], column: str, value: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith(RESERVATIONS):
            return None
        answer["data"][2] |= change
        return answer

    sandbox.desk.spoil(VENDOR, spoil)
    found, odd, _ = extracted(access, "reservations")
    row = next(one for one in found if one["reservation_id"] == "p000002")
    assert not odd
    assert row[column] == value or str(row[column]) == value


def test_a_room_without_rates_still_has_its_nights(sandbox: Any, access: Access) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith(RESERVATIONS):
            return None
        answer["data"][2]["rooms"][0]["detailedRoomRates"] = []
        return answer

    sandbox.desk.spoil(VENDOR, spoil)
    nights = [n for n in extracted(access, "nights")[0] if n["reservation_id"] == "p000002"]
    assert [(n["night_date"], n["rate_amount"]) for n in nights] == [
        ("2026-09-01", None), ("2026-09-02", None),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [None, {}, "all", [1, 2]])
def test_a_listing_in_another_form_is_named(sandbox: Any, access: Access, data: Any) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        return {**answer, "data": data} if asked.path.endswith("getSources") else None

    sandbox.desk.spoil(VENDOR, spoil, times=99)
    with pytest.raises(BrokenContract, match="getSources"):
        extracted(access, "sources")


def test_an_empty_day_lands_empty(sandbox: Any, access: Access, landing: Landing) -> None:
    sandbox.desk.order_fault(VENDOR, "empty_day", 9)
    assert land(landing, access, "reservations", WINDOW).row_count == 0
