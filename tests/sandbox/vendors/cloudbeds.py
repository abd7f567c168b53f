"""Cloudbeds PMS API v1.3 as property 173245 would answer: reservations, sources, rooms, blocks.

What was paid is reported by its Accounting API, whose page is `cloudbeds_accounting`.

As the vendor does: an error may be `success: false` inside an HTTP 200; pages are numbered from 1
and hold 100 rows at most, whatever is asked for; moments are those of the property's clock, with
one in UTC beside them; some changes move no timestamp. Faults:
throttle, server_error, unauthorized, user_gone, no_scope, mood, truncated, duplicate_page,
missing_last_page, missing_column, retyped_column, empty_day.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import cloudbeds_accounting
from sandbox.vendors import cloudbeds_book as book

VENDOR = "cloudbeds"
API_KEY = os.environ.get("TRUEUP_SECRET_CLOUDBEDS_API_KEY", "sandbox-cloudbeds-key")
PROPERTY_ID = "173245"
ZONE = ZoneInfo("Europe/Lisbon")
LARGEST_PAGE = 100
USER_GONE = "User who approved this connection is not active anymore"
Answer = dict[str, Any]
TheDesk = Annotated[Desk, Depends(desk_of)]
_last_page: dict[int, Answer] = {}


class Refusal(Exception):
    """An error as Cloudbeds words it."""

    def __init__(self, status: int, **body: Any) -> None:
        self.status, self.body = status, body


class CloudbedsRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            try:
                return await answer(request)
            except Refusal as refusal:
                headers = {"X-Request-ID": "3f2a1b4c-77aa-4d10-9c31-5b6f0d0f1a2b"}
                return JSONResponse(refusal.body, refusal.status, headers)

        return answer_or_refuse


def admit(desk: TheDesk, x_api_key: Annotated[str, Header()] = "") -> None:
    """Check the key, then deal whatever fault was ordered for this request."""
    denied = "The resource owner or authorization server denied the request."
    if x_api_key != API_KEY or desk.takes_fault(VENDOR, "unauthorized"):
        raise Refusal(401, error="access_denied", message=denied)
    if desk.takes_fault(VENDOR, "no_scope"):
        raise Refusal(403, error="access_denied", message=denied)
    if desk.takes_fault(VENDOR, "throttle"):
        raise Refusal(429, success=False, message="Too many requests")
    if desk.takes_fault(VENDOR, "server_error"):
        raise Refusal(503, success=False, message="Service unavailable")
    if desk.takes_fault(VENDOR, "user_gone"):
        raise Refusal(200, success=False, message=USER_GONE)
    if desk.takes_fault(VENDOR, "mood"):
        raise Refusal(200, success=False, message="Ana Silva of room 12 is not to be disturbed")


pms = APIRouter(prefix="/api/v1.3", route_class=CloudbedsRoute, dependencies=[Depends(admit)])


@pms.get("/getHotels")
def hotels(desk: TheDesk) -> Response:
    hotel = {
        "propertyID": PROPERTY_ID,
        "organizationID": "1",
        "propertyName": "Harbour House",
        "propertyTimezone": ZONE.key,
        "propertyCurrency": [
            {"currencyCode": "EUR", "currencySymbol": "€", "currencyPosition": "before"}
        ],
    }
    return _answer(desk, {"success": True, "data": [hotel], "count": 1, "total": 1})


@pms.get("/getReservationsWithRateDetails")
def reservations(request: Request, desk: TheDesk) -> Response:
    asked = request.query_params
    _own(asked.get("propertyID"))
    found = book.reservations(
        desk,
        changed_from=_moment(asked.get("modifiedFrom")),
        changed_to=_moment(asked.get("modifiedTo")),
        made_to=_moment(asked.get("resultsTo")),
        leaving_from=_day(asked.get("reservationCheckOutFrom")),
        leaving_to=_day(asked.get("reservationCheckOutTo")),
        with_deleted=asked.get("includeDeleted") == "true",
    )
    if desk.takes_fault(VENDOR, "empty_day"):
        found = []
    page, size = int(asked.get("pageNumber", 1)), _size(asked.get("pageSize"))
    shown = [
        _reservation(one, asked.get("includeGuestsDetails") == "true")
        for one in found[(page - 1) * size : page * size]
    ]
    answer = {"success": True, "data": shown, "count": len(shown), "total": len(found)}
    if page > 1 and desk.takes_fault(VENDOR, "duplicate_page"):
        answer = _last_page[id(desk)]
    if page > 1 and desk.takes_fault(VENDOR, "missing_last_page"):
        answer = {**answer, "data": [], "count": 0}
    _last_page[id(desk)] = answer
    for fault, value in (("missing_column", None), ("retyped_column", {"amount": "much"})):
        if shown and desk.takes_fault(VENDOR, fault):
            for one in shown:
                one["total"] = value
    return _answer(desk, answer)


@pms.get("/getSources")
def sources(desk: TheDesk) -> Response:
    rows = [
        {
            "propertyID": PROPERTY_ID,
            "sourceID": one["source_id"],
            "sourceName": one["source_name"],
            "isThirdParty": one["is_third_party"],
            "status": True,
            "commission": float(one["commission_percent"]),
            "paymentCollect": "hotel",
            "taxes": [],
            "fees": [],
        }
        for one in book.sources(desk)
    ]
    return _answer(desk, {"success": True, "data": rows})


def _linked(room: Answer, rooms: list[Answer]) -> list[str]:
    """A virtual room is made of all the others."""
    return [one["room_id"] for one in rooms if one["is_virtual"] != room["is_virtual"]]


@pms.get("/getRooms")
def rooms(request: Request, desk: TheDesk) -> Response:
    """Pages hold so many rooms, whatever number of properties they are of."""
    asked = request.query_params
    _own(asked.get("propertyIDs"))
    found = book.rooms(desk)
    with_relations = asked.get("includeRoomRelations") == "1"
    listed = [
        {
            "roomID": one["room_id"],
            "roomName": one["room_id"],
            "isPrivate": True,
            "isVirtual": one["is_virtual"],
            "roomBlocked": False,
            "roomTypeID": one["room_type_id"],
            "roomTypeName": one["room_type_name"],
            "maxGuests": 2,
            **({"linkedRoomIDs": _linked(one, found)} if with_relations else {}),
        }
        for one in found
    ]
    page, size = int(asked.get("pageNumber", 1)), _size(asked.get("pageSize"), 20)
    shown = listed[(page - 1) * size : page * size]
    data = [{"propertyID": PROPERTY_ID, "rooms": shown}]
    return _answer(desk, {"success": True, "data": data, "count": len(shown), "total": len(found)})


@pms.get("/getRoomBlocks")
def room_blocks(request: Request, desk: TheDesk) -> Response:
    asked = request.query_params
    _own(asked.get("propertyID"))
    first, last = date.fromisoformat(asked["startDate"]), date.fromisoformat(asked["endDate"])
    if (last - first).days >= 35:
        raise Refusal(200, success=False, message="Date range must be 35 days or less")
    found = book.room_blocks(desk, first, last)
    page, size = int(asked.get("pageNumber", 1)), _size(asked.get("pageSize"), 20)
    shown = [
        {
            "roomBlockID": one["room_block_id"],
            "roomBlockType": one["block_type"],
            "roomBlockReason": "",
            "startDate": str(one["start_date"]),
            "endDate": str(one["end_date"]),
            "rooms": [{"roomID": one["room_id"], "roomTypeID": one["room_type_id"]}],
        }
        for one in found[(page - 1) * size : page * size]
    ]
    data = {"propertyID": PROPERTY_ID, "roomBlocks": shown}
    return _answer(desk, {"success": True, "data": data, "count": len(shown), "total": len(found)})


def _reservation(one: Answer, with_guests: bool) -> Answer:
    nights = [one["arrival_date"] + timedelta(days=n) for n in range(one["night_count"])]
    rates = book.rates(one["rooms_total"], len(nights))
    by_night = {str(night): float(rate) for night, rate in zip(nights, rates, strict=True)}
    is_cancelled = one["status"] == "canceled"
    guest_id = f"9{one['reservation_id']}"
    shown = {
        "propertyID": PROPERTY_ID,
        "reservationID": one["reservation_id"],
        "isDeleted": one["is_deleted"],
        **_stamps("Created", one["created_at"]),
        **_stamps("Modified", one["stamped_at"]),
        "status": one["status"],
        "reservationCheckIn": str(one["arrival_date"]),
        "reservationCheckOut": str(one["departure_date"]),
        "guestID": guest_id,
        "profileID": guest_id,
        "guestName": "A guest",
        "guestCountry": "PT",
        "sourceName": one["source_name"],
        "source": {
            "name": one["source_name"],
            "paymentCollect": "hotel",
            "sourceID": one["source_id"],
            "category": one["source_category"],
        },
        "sourceCategory": one["source_category"],
        "sourceReservationID": one["source_reservation_id"],
        "propertyCurrency": "EUR",
        "balanceDetailed": {
            "suggestedDeposit": "0.00",
            "subTotal": float(one["rooms_total"]),
            "additionalItems": float(one["total"] - one["rooms_total"]),
            "taxesFees": 0.0,
            "grandTotal": float(one["total"]),
            "paid": float(one["paid"]),
        },
        "detailedRates": by_night,
        "rooms": [
            {
                "roomTypeID": one["room_type_id"],
                "roomTypeIsVirtual": False,
                "roomTypeName": one["room_type_id"],
                "subReservationID": f"{one['reservation_id']}-1",
                "reservationRoomID": f"{one['reservation_id']}1",
                "adults": "2",
                "children": "0",
                "roomID": None,
                "roomCheckIn": str(one["arrival_date"]),
                "roomCheckOut": str(one["departure_date"]),
                "roomStatus": "cancelled" if is_cancelled else "not_checked_in",
                "detailedRoomRates": by_night,
            }
        ],
        "origin": one["source_name"],
        "total": float(one["total"]),
        "balance": float(one["total"] - one["paid"]),
    }
    if is_cancelled:
        shown |= _stamps("Cancelled", one["cancelled_at"])
    if with_guests:
        shown["guestList"] = {guest_id: {"guestID": guest_id, "guestEmail": one["email"]}}
    return shown


def _stamps(what: str, moment: datetime) -> Answer:
    """A moment as naive UTC, by both clocks."""
    utc = moment.replace(tzinfo=ZoneInfo("UTC"))
    return {
        f"date{what}": f"{utc.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        f"date{what}UTC": f"{utc:%Y-%m-%d %H:%M:%S}",
    }


def _moment(text: str | None) -> datetime | None:
    """What a filter asks for, as naive UTC."""
    if not text:
        return None
    asked = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    return asked.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _size(asked: str | None, usual: int = LARGEST_PAGE) -> int:
    return min(int(asked or usual), LARGEST_PAGE)


def _own(property_id: str | None) -> None:
    if property_id not in (None, PROPERTY_ID):
        raise Refusal(200, success=False, message="You do not have access to this property")


def _answer(desk: Desk, content: Answer) -> Response:
    body = json.dumps(content)
    if desk.takes_fault(VENDOR, "truncated"):
        body = body[: len(body) // 2]
    return Response(body, media_type="application/json")


router = APIRouter()
router.include_router(pms)
router.include_router(cloudbeds_accounting.pages, dependencies=[Depends(admit)])
