"""Google Ads over REST: token endpoint, searchStream and search, failures in Google's dialect."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse, Response

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors.google_ads_answer import Answer, answer
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import (
    CLIENT,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    TOKEN_SECONDS,
    check,
    envelope,
    request_id,
    signed,
)

router = APIRouter()
Open = Annotated[Desk, Depends(desk_of)]

#: Rows in a batch of a stream and in a page of a search, as with Google.
PAGE_ROWS = 10_000


@router.post("/token")
def token(form: Annotated[bytes, Body()] = b"") -> JSONResponse:
    given = {name: values[0] for name, values in parse_qs(form.decode()).items()}
    if (given.get("client_id"), given.get("client_secret")) != (CLIENT, CLIENT_SECRET):
        return JSONResponse({"error": "invalid_client", "error_description": "Unauthorized"}, 401)
    if given.get("grant_type") != "refresh_token":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    if given.get("refresh_token") != REFRESH_TOKEN:
        return JSONResponse({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
    return JSONResponse(
        {
            "access_token": signed(int(time.time()) + TOKEN_SECONDS),
            "expires_in": TOKEN_SECONDS,
            "scope": "https://www.googleapis.com/auth/adwords",
            "token_type": "Bearer",
        }
    )


@router.post("/{version}/customers/{customer}/googleAds:searchStream")
def search_stream(
    version: str, customer: str, body: dict[str, Any], request: Request, desk: Open
) -> Response:
    """A JSON array of batches; a failure is an array of one error."""
    try:
        check(desk, version, customer, request.headers)
        batches = stream(desk, customer, body)
    except Failure as failure:
        return JSONResponse([envelope(failure)], failure.http)
    if desk.takes_fault("google_ads", "broken_stream"):
        broken = Failure(
            "internalError",
            "TRANSIENT_ERROR",
            "A transient internal error occurred.",
            http=500,
            status="INTERNAL",
        )
        batches.append(json.dumps(envelope(broken)))
    return _reply(desk, "[" + ",\n".join(batches) + "]")


@router.post("/{version}/customers/{customer}/googleAds:search")
def search(
    version: str, customer: str, body: dict[str, Any], request: Request, desk: Open
) -> Response:
    """One page; `nextPageToken` while there are more."""
    try:
        check(desk, version, customer, request.headers)
        found = answer(desk, customer, body.get("query", ""))
        page = _page(desk, body, found)
    except Failure as failure:
        return JSONResponse(envelope(failure), failure.http)
    return _reply(desk, page)


def stream(desk: Desk, customer: str, body: dict[str, Any]) -> list[str]:
    """The batches of a stream as JSON texts; the summary row, where asked, comes alone, last."""
    found = answer(desk, customer, body.get("query", ""))
    parts = _parts(found.rows)
    if parts and desk.takes_fault("google_ads", "duplicate_page"):
        parts.insert(0, parts[0])
    if parts and desk.takes_fault("google_ads", "missing_last_page"):
        parts.pop()
    ends = {"fieldMask": found.mask, "requestId": request_id()}
    batches = [_with_rows(part, ends) for part in parts]
    if body.get("summaryRowSetting") == "SUMMARY_ROW_WITH_RESULTS":
        summary = found.summary()
        if not summary:
            raise Failure(
                "requestError",
                "CANNOT_RETURN_SUMMARY_ROW_FOR_REQUEST_WITHOUT_METRICS",
                "Cannot return summary row for request without metrics.",
            )
        batches.append(f'{{"summaryRow": {summary}, {json.dumps(ends)[1:]}')
    return batches or [json.dumps(ends)]


def _page(desk: Desk, body: dict[str, Any], found: Answer) -> str:
    if "pageSize" in body:
        raise Failure(
            "requestError",
            "PAGE_SIZE_NOT_SUPPORTED",
            "Setting the page size is not supported. Search Responses will have fixed"
            " page size of '10000' rows.",
        )
    parts = _parts(found.rows) or [[]]
    token = body.get("pageToken") or "page-0"
    if not token.startswith("page-") or int(token[5:]) >= len(parts):
        raise Failure("requestError", "INVALID_PAGE_TOKEN", "Page token is invalid.")
    number = int(token[5:])
    ends: dict[str, Any] = {"fieldMask": found.mask}
    if body.get("searchSettings", {}).get("returnTotalResultsCount"):
        ends["totalResultsCount"] = str(len(found.rows))
    is_cut = desk.takes_fault("google_ads", "missing_last_page")
    if number + 1 < len(parts) and not is_cut:
        ends["nextPageToken"] = f"page-{number + 1}"
    is_repeated = number and desk.takes_fault("google_ads", "duplicate_page")
    shown = parts[number - 1] if is_repeated else parts[number]
    return _with_rows([] if is_cut and len(parts) == 1 else shown, ends)


def _parts(rows: list[str]) -> list[list[str]]:
    return [rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS)]


def _with_rows(rows: list[str], ends: dict[str, Any]) -> str:
    head = f'{{"results": [{",".join(rows)}], ' if rows else "{"
    return head + json.dumps(ends)[1:]


def _reply(desk: Desk, text: str) -> Response:
    if desk.takes_fault("google_ads", "truncated"):
        text = text[: len(text) * 2 // 3]
    return Response(text, media_type="application/json")
