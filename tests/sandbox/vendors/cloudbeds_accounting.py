"""Cloudbeds Accounting API v1.0: what was paid, given back and voided, as it was posted.

As the vendor does: transactions are never changed, a void is one of its own; a page holds 1,100 at
most and names the next by a token; a question that names no moment, day or reservation is refused
with HTTP 400. Faults besides the other page's: no_accounting, same_token.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import cloudbeds_book as book

VENDOR = "cloudbeds"
PROPERTY_ID = "173245"
ZONE = ZoneInfo("Europe/Lisbon")
USUAL_PAGE, LARGEST_PAGE = 100, 1100
CODES = (
    ("1000", "Room Rate", "ROOM_REVENUE_RATE"),
    ("6000", "Deposit Transfer", "N_A"),
    ("9000", "Payment", "PAYMENT"),
    ("9000A", "Refund", "PAYMENT"),
    ("9000V", "Payment - Void", "PAYMENT"),
    ("9000R", "Routed Payment", "PAYMENT"),
    ("9100", "Payment (Cash)", "PAYMENT"),
    ("9100A", "Refund (Cash)", "PAYMENT"),
    ("9100V", "Payment (Cash) - Void", "PAYMENT"),
    ("9100R", "Routed Payment - Cash", "PAYMENT"),
    ("9200", "Payment (Bank Transfer)", "PAYMENT"),
    ("9200A", "Refund (Bank Transfer)", "PAYMENT"),
    ("9200V", "Payment (Bank Transfer) - Void", "PAYMENT"),
    ("9200R", "Routed Payment - Bank", "PAYMENT"),
    ("9300", "Payment (Credit Card)", "PAYMENT"),
    ("9300A", "Refund (Credit Card)", "PAYMENT"),
    ("9300V", "Payment (Credit Card) - Void", "PAYMENT"),
    ("9300R", "Routed Payment - Card", "PAYMENT"),
)
Answer = dict[str, Any]
TheDesk = Annotated[Desk, Depends(desk_of)]


class Invalid(Exception):
    """A question the vendor refuses, and why."""


class AccountingRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            from sandbox.vendors.cloudbeds import Refusal

            try:
                return await answer(request)
            except Refusal as refusal:
                return JSONResponse(refusal.body, refusal.status)
            except Invalid as why:
                body = {"errorCode": "INVALID_REQUEST", "errorDetails": str(why)}
                return JSONResponse(body, 400)

        return answer_or_refuse


def allow(request: Request, desk: TheDesk) -> None:
    if desk.takes_fault(VENDOR, "no_accounting"):
        from sandbox.vendors.cloudbeds import Refusal

        raise Refusal(403, errorCode="ACCESS_DENIED", errorDetails=None)
    if request.headers.get("X-Property-Id") != PROPERTY_ID:
        raise Invalid("X-Property-Id is required")


pages = APIRouter(
    prefix="/accounting/v1.0", route_class=AccountingRoute, dependencies=[Depends(allow)]
)


@pages.get("/internal-transaction-codes")
def codes() -> Answer:
    listed = [
        {"id": number, "code": code, "description": words, "group": group}
        for number, (code, words, group) in enumerate(CODES, start=1)
    ]
    return {"content": listed}


@pages.post("/transactions")
async def transactions(request: Request, desk: TheDesk) -> Answer:
    asked = await request.json()
    conditions = {
        (one["field"], one["operator"]): one["value"] for one in asked["filters"].get("and", [])
    }
    try:
        first = _moment(conditions["transaction_datetime", "greater_than_or_equal"])
        last = _moment(conditions["transaction_datetime", "less_than"])
    except KeyError:
        raise Invalid("Filters must include a base filter") from None
    wanted = conditions.get(("internal_code", "in"))
    kinds = conditions.get(("source_kind", "in"), ["RESERVATION"])
    found = [
        one
        for one in book.payments(desk, first, last)
        if "RESERVATION" in kinds and (wanted is None or one["code"] in wanted)
    ]
    if desk.takes_fault(VENDOR, "empty_day"):
        found = []
    start = int(asked.get("pageToken") or 0)
    size = min(int(asked.get("limit", USUAL_PAGE)), LARGEST_PAGE)
    shown = [_transaction(one) for one in found[start : start + size]]
    answer: Answer = {"transactions": shown, "nextPageToken": None}
    if start + size < len(found):
        is_stuck = start and desk.takes_fault(VENDOR, "same_token")
        answer["nextPageToken"] = str(start if is_stuck else start + size)
    return answer


def _transaction(one: Answer) -> Answer:
    moved = one["moved_at"].replace(tzinfo=UTC)
    shown = moved.isoformat().replace("+00:00", "Z")
    here = moved.astimezone(ZONE)
    return {
        "id": str(one["transaction_id"]),
        "propertyId": PROPERTY_ID,
        "internalTransactionCode": one["code"],
        "customTransactionCode": None,
        "generalLedgerCustomCode": None,
        "amount": float(one["amount"]),
        "currency": "EUR",
        "currencyScale": 2,
        "customerId": "27006668",
        "rootId": str(one["root_id"]),
        "parentId": None,
        # the engine's own number of the reservation, which guests never see
        "sourceId": f"4{one['transaction_id']}",
        "subSourceId": None,
        "sourceKind": "RESERVATION",
        "sourceIdentifier": one["reservation_id"],
        "account": None,
        "externalRelationId": str(one["transaction_id"]),
        "externalRelationKind": "PAYMENT",
        "originId": None,
        "routedFrom": None,
        "quantity": 1,
        "description": "Payment",
        "userId": "1233160",
        "sourceDatetime": shown,
        "transactionDatetime": shown,
        "transactionDatetimePropertyTime": here.replace(tzinfo=None).isoformat(),
        "serviceDate": str(here.date()),
        "createdAt": shown,
    }


def _moment(text: str) -> datetime:
    """Naive UTC."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
