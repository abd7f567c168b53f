"""Awin's API, seen by the advertiser: transactions, two reports, and the publishers.

As the vendor answers: no paging, 31 days of transactions and 400 of the campaign report at most
(400 past that), times of the asked zone without an offset, one that is not listed refused (400),
sums as numbers in one report and as texts in the other, 20 calls a minute (429, and no header that
says when to come back), errors as {"error": ..., "description": ...}. A minute passes here in
`MINUTE_SECONDS`.

Faults: expired_token, throttle, server_error, truncated, web_page, unknown_status,
missing_column, retyped_column, new_field, duplicate_page, other_account, deleted, empty_day.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import JSONResponse

from sandbox import demo
from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import awin_answer as answer

VENDOR = "awin"
ACCOUNT = "15632"
CALLS, MINUTE_SECONDS = 20, 0.6
ZONES = ("Europe/London", "Europe/Berlin", "Europe/Paris", "US/Eastern", "UTC")
SLICE_DAYS, REPORT_DAYS = 31, 400

router = APIRouter()
_calls: deque[float] = deque(maxlen=CALLS)


@router.get("/advertisers/{advertiser}/transactions/")
def transactions(
    advertiser: str,
    desk: Annotated[Desk, Depends(desk_of)],
    startDate: str,
    endDate: str,
    timezone: str = "UTC",
    dateType: str = "transaction",
    authorization: Annotated[str, Header()] = "",
) -> Response:
    try:
        since, until = (datetime.fromisoformat(x) for x in (startDate, endDate))
    except ValueError:
        return _refused(400, "bad_request", "dates are yyyy-MM-ddThh:mm:ss")
    if refused := _refusal(desk, advertiser, authorization, timezone):
        return refused
    if dateType not in answer.MOMENTS:
        return _refused(400, "bad_request", "unknown dateType")
    if (until - since).total_seconds() > SLICE_DAYS * 86400:
        return _refused(400, "bad_request", "the date range must not exceed 31 days")
    return _spoilt(desk, answer.transactions(desk, timezone, dateType, since, until))


@router.get("/advertisers/{advertiser}/reports/campaign")
def campaign_report(
    advertiser: str,
    desk: Annotated[Desk, Depends(desk_of)],
    startDate: date,
    endDate: date,
    timezone: str = "UTC",
    interval: str = "day",
    includeNumbersWithoutCampaign: bool = False,
    authorization: Annotated[str, Header()] = "",
) -> Response:
    if refused := _refusal(desk, advertiser, authorization, timezone):
        return refused
    if interval != "day" or (endDate - startDate).days >= REPORT_DAYS:
        return _refused(400, "bad_request", "at most 400 days")
    rows = answer.campaign_report(desk, timezone, startDate, endDate)
    return _spoilt(desk, rows if includeNumbersWithoutCampaign else [], within="result")


@router.get("/advertisers/{advertiser}/reports/publisher")
def publisher_report(
    advertiser: str,
    desk: Annotated[Desk, Depends(desk_of)],
    startDate: date,
    endDate: date,
    timezone: str = "UTC",
    dateType: str = "transaction",
    authorization: Annotated[str, Header()] = "",
) -> Response:
    if refused := _refusal(desk, advertiser, authorization, timezone):
        return refused
    if dateType not in ("transaction", "validation"):
        return _refused(400, "bad_request", "unknown dateType")
    return _spoilt(desk, answer.publisher_report(desk, timezone, dateType, startDate, endDate))


@router.get("/advertisers/{advertiser}/publishers")
def publishers(
    advertiser: str,
    desk: Annotated[Desk, Depends(desk_of)],
    authorization: Annotated[str, Header()] = "",
) -> Response:
    refused = _refusal(desk, advertiser, authorization, "UTC")
    return refused or _spoilt(desk, answer.publishers(desk))


def _refusal(desk: Desk, advertiser: str, authorization: str, zone: str) -> Response | None:
    if desk.takes_fault(VENDOR, "throttle"):
        return _refused(429, "too_many_requests", "the limit of 20 calls per minute is exceeded")
    if desk.takes_fault(VENDOR, "server_error"):
        return _refused(503, "exception", "service unavailable")
    if desk.takes_fault(VENDOR, "unknown_status"):
        return _refused(418, "exception", "a status nobody lists")
    is_expired = desk.takes_fault(VENDOR, "expired_token")
    if is_expired or authorization != f"Bearer {demo.secret('awin_access_token')}":
        return _refused(401, "unauthorized", "Full authentication is required")
    now = time.monotonic()
    if len(_calls) == CALLS and now - _calls[0] < MINUTE_SECONDS:
        return _refused(429, "too_many_requests", "the limit of 20 calls per minute is exceeded")
    _calls.append(now)
    if advertiser != ACCOUNT:
        return _refused(403, "access_denied", f"no access to {advertiser}")
    if zone not in ZONES:
        return _refused(400, "bad_request", "unknown timezone")
    return None


def _refused(status: int, word: str, text: str) -> Response:
    return JSONResponse({"error": word, "description": text}, status)


def _spoilt(desk: Desk, rows: list[dict[str, Any]], within: str = "") -> Response:
    """The rows after whatever faults were ordered, as JSON with sums to the cent."""
    if rows:
        rows = _changed(desk, rows)
    text = json.dumps({within: rows} if within else rows, default=_number)
    if desk.takes_fault(VENDOR, "truncated"):
        text = text[: len(text) // 2]
    if desk.takes_fault(VENDOR, "web_page"):
        return Response("<html>maintenance</html>", media_type="text/html")
    return Response(text, media_type="application/json")


def _changed(desk: Desk, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if desk.takes_fault(VENDOR, "missing_column"):
        rows = [{k: v for k, v in row.items() if k != "commissionStatus"} for row in rows]
    if desk.takes_fault(VENDOR, "retyped_column"):
        odd = {"amount": "a lot", "currency": "EUR"}
        rows = [{**row, "commissionAmount": odd} for row in rows]
    if desk.takes_fault(VENDOR, "new_field"):
        rows = [{**row, "loyaltyTier": "gold"} for row in rows]
    if desk.takes_fault(VENDOR, "duplicate_page"):
        rows = [*rows, *rows]
    if desk.takes_fault(VENDOR, "other_account"):
        rows = [{**row, "advertiserId": 999} for row in rows]
    if desk.takes_fault(VENDOR, "deleted"):
        rows = [{**rows[0], "commissionStatus": "deleted"}, *rows[2:]]
    if desk.takes_fault(VENDOR, "empty_day"):
        rows = []
    return rows


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Iterable):
        return list(value)
    return str(value)
