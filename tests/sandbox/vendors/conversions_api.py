"""The far ends of a server's events: Meta's and Google's doors, what both say afterwards, and the
log in BigQuery that the sender writes.

Meta takes a whole request or none of it. Google takes a request and judges its events half an hour
later. The log is one table that is partitioned by day; it holds addresses as careless senders log
them, which is what the reader has to leave behind.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from sandbox import demo
from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import google_sign_in

PROJECT, DATASET, TABLE = "harbour-house", "server_side", "sent_events"
SCOPES = {
    "https://www.googleapis.com/auth/bigquery",
    "https://www.googleapis.com/auth/bigquery.readonly",
    "https://www.googleapis.com/auth/datamanager",
}
#: What a server may be late with, as Meta has it, and how long Google takes to judge.
MOST_AGE, JUDGED_AFTER = timedelta(days=7), timedelta(minutes=30)
MOST_ROWS = 1_000
#: Faults: HTTP status, Meta's code and subcode, Google's status and reason.
_META = {
    "throttle": (400, 4, None), "too_many": (429, 613, None), "server_error": (503, 2, None),
    "expired": (400, 190, 463), "forbidden": (403, 200, None), "unknown": (400, 99, None),
}  # fmt: skip
_GOOGLE = {
    "throttle": (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
    "server_error": (503, "UNAVAILABLE", None),
    "unauthorized": (401, "UNAUTHENTICATED", None),
    "forbidden": (403, "PERMISSION_DENIED", "PERMISSION_DENIED"),
    "unknown": (418, "UNKNOWN", None),
}
_COLUMNS = {
    "ts": "TIMESTAMP", "destination": "STRING", "account_id": "STRING", "event_name": "STRING",
    "event_id": "STRING", "order_id": "STRING", "event_time": "INTEGER", "em": "STRING",
    "ph": "STRING", "client_ip_address": "STRING", "click_id_kinds": "STRING", "value": "NUMERIC",
    "currency": "STRING", "ad_user_data": "STRING", "http_status": "INTEGER",
    "events_received": "INTEGER", "error_code": "STRING", "error_subcode": "STRING",
    "request_id": "STRING", "debug_note": "STRING",
}  # fmt: skip

router = APIRouter()
AtDesk = Annotated[Desk, Depends(desk_of)]
_PATH = "/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{name}"


@router.post("/meta/{version}/{dataset}/events")
async def take_events(version: str, dataset: str, request: Request, desk: AtDesk) -> Response:
    """Meta's door: all events of a request, or an error."""
    sent = await _sent(request)
    if refusal := _refuse_meta(request, desk, sent.get("access_token", "")):
        return refusal
    events = sent["data"] if isinstance(sent["data"], list) else json.loads(sent["data"])
    now = desk.now.replace(tzinfo=UTC).timestamp()
    for event in events:
        if event["event_time"] < now - MOST_AGE.total_seconds():
            return _meta_error(400, 100, 2804003, "Invalid parameter")
        if not set(event.get("user_data", {})) - {"client_user_agent"}:
            return _meta_error(400, 100, 2804050, "Invalid parameter")
    return JSONResponse({"events_received": len(events), "messages": [], "fbtrace_id": "Abc123"})


@router.get("/meta/{version}/dataset_quality")
def dataset_quality(
    version: str, request: Request, desk: AtDesk, dataset_id: str = "", fields: str = ""
) -> Response:
    if refusal := _refuse_meta(request, desk, request.query_params.get("access_token", "")):
        return refusal
    if "dedupe_key_feedback" in fields and desk.takes_fault("conversions_api", "no_dedupe"):
        return _meta_error(400, 100, None, "(#100) Tried accessing nonexisting field")
    since = desk.now - timedelta(days=7)
    rows = desk.rows(
        """select action, count(*) as events, avg((not is_poor)::int) as rich,
            avg((event_id is not null)::int) as with_id
        from server_sends
        where account_id = $dataset and sent_at between $since and $now
        group by action order by action""",
        dataset=dataset_id,
        since=since,
    )
    if not rows:
        return _meta_error(400, 100, 33, "Unsupported get request")
    return JSONResponse({"web": [_quality(row, "dedupe" in fields) for row in rows]})


def _quality(row: dict[str, Any], has_keys: bool) -> dict[str, Any]:
    found = {
        "event_name": row["action"],
        "event_match_quality": {"composite_score": round(4 + 5 * row["rich"], 1)},
        "event_coverage": {"percentage": round(100 * row["rich"] * 0.9, 2), "goal_percentage": 75},
        "data_freshness": {"upload_frequency": "real_time"},
    }
    keys = {
        "dedupe_key": "event_id",
        "browser_events_with_dedupe_key": {"percentage": 98},
        "server_events_with_dedupe_key": {"percentage": round(100 * row["with_id"], 2)},
    }
    return found | ({"dedupe_key_feedback": [{"dedupe_key": "fbp"}, keys]} if has_keys else {})


@router.post("/google/v1/events:ingest")
async def ingest(request: Request, desk: AtDesk) -> Response:
    """Google's door: a request is taken, or refused whole for any event that is not valid."""
    if refusal := _refuse_google(request, desk):
        return refusal
    body = await request.json()
    for event in body.get("events", []):
        identifiers = event.get("userData", {}).get("userIdentifiers", [])
        if not identifiers and not event.get("adIdentifiers"):
            return _google_error(400, "INVALID_ARGUMENT", "NO_IDENTIFIERS_PROVIDED")
    digest = hashlib.md5(json.dumps(body, sort_keys=True).encode(), usedforsecurity=False)
    return JSONResponse({"requestId": f"cap-{digest.hexdigest()[:20]}"})


@router.get("/google/v1/requestStatus:retrieve")
def request_status(requestId: str, request: Request, desk: AtDesk) -> Response:
    if refusal := _refuse_google(request, desk):
        return refusal
    rows = desk.rows(
        """select account_id, action, max(sent_at) as sent_at, count(*) as events,
            count(verdict_reason) as rejected, list(verdict_reason) as reasons
        from server_sends
        where request_id = $id and http_status = 200 and sent_at <= $now
        group by account_id, action""",
        id=requestId,
    )
    if not rows:
        return _google_error(400, "INVALID_ARGUMENT", "INVALID_REQUEST_ID")
    return JSONResponse({"requestStatusPerDestination": [_status(row, desk.now) for row in rows]})


def _status(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    destination = {
        "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": row["account_id"]},
        "productDestinationId": row["action"],
    }
    if now < row["sent_at"] + JUDGED_AFTER:
        return {"destination": destination, "requestStatus": "PROCESSING"}
    reasons = [reason for reason in row["reasons"] if reason]
    word = "SUCCESS" if not reasons else "PARTIAL_SUCCESS"
    found: dict[str, Any] = {
        "destination": destination,
        "requestStatus": "FAILED" if row["rejected"] == row["events"] else word,
        "eventsIngestionStatus": {"recordCount": str(row["events"])},
    }
    if reasons:
        counts = [
            {"recordCount": str(reasons.count(one)), "reason": one} for one in sorted({*reasons})
        ]
        found["errorInfo"] = {"errorCounts": counts}
    return found


@router.get(_PATH)
def get_table(project: str, dataset: str, name: str, request: Request, desk: AtDesk) -> Response:
    if refusal := _refuse_table(request, desk, project, dataset, name):
        return refusal
    fields = [{"name": column, "type": kind} for column, kind in _COLUMNS.items()]
    if desk.takes_fault("conversions_api", "missing_column"):
        fields = [field for field in fields if field["name"] != "ts"]
    return JSONResponse(
        {
            "type": "TABLE",
            "schema": {"fields": fields},
            "numRows": "0",
            "timePartitioning": {"type": "DAY", "field": "ts"},
        }
    )


@router.get(_PATH + "/data")
def list_rows(
    project: str,
    dataset: str,
    name: str,
    request: Request,
    desk: AtDesk,
    selectedFields: str = "",
    maxResults: int = MOST_ROWS,
    pageToken: str = "0",
) -> Response:
    if refusal := _refuse_table(request, desk, project, dataset, name.partition("$")[0]):
        return refusal
    day = name.partition("$")[2]
    rows = [] if desk.takes_fault("conversions_api", "empty_day") else log_rows(desk, day)
    names = selectedFields.split(",") if selectedFields else list(_COLUMNS)
    start, size = int(pageToken), min(maxResults, MOST_ROWS)
    page = [{"f": [{"v": _text(row[one])} for one in names]} for row in rows[start : start + size]]
    answer: dict[str, Any] = {"totalRows": str(len(rows)), "rows": page}
    if start + size < len(rows) and not desk.takes_fault("conversions_api", "missing_last_page"):
        answer["pageToken"] = str(start + size)
    return JSONResponse(answer)


def log_rows(desk: Desk, day: str) -> list[dict[str, Any]]:
    """The lines of a day of UTC, of all days where none is named, as far as they are shipped."""
    return desk.rows(
        """select epoch(sent_at) as ts, destination, account_id, action as event_name, event_id,
            transaction_id as order_id, epoch(event_at)::bigint as event_time,
            case when is_poor then null when is_unhashed then email
                else sha256(lower(trim(email))) end as em,
            case when not is_poor then sha256(phone) end as ph, '192.0.2.14' as client_ip_address,
            case click_id_kind when 'fbclid' then 'fbclid' when 'gclid' then 'gclid' end
                as click_id_kinds,
            value, currency, 'GRANTED' as ad_user_data, http_status, events_received, error_code,
            error_subcode, request_id, 'mail to ' || email as debug_note
        from (
            from server_sends union all from server_sends where is_logged_twice
        )
        where known_at <= $now and ($day = '' or strftime(sent_at, '%Y%m%d') = $day)
        order by sent_at, send_id, attempt""",
        day=day,
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


async def _sent(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        return {**request.query_params, **await request.json()}
    return {**request.query_params, **dict(await request.form())}


def _refuse_meta(request: Request, desk: Desk, given: str) -> Response | None:
    for fault, (status, code, subcode) in _META.items():
        if desk.takes_fault("conversions_api", f"meta_{fault}"):
            return _meta_error(status, code, subcode, "An error of Meta's")
    given = given or request.headers.get("authorization", "").removeprefix("Bearer ")
    if given != demo.secret("conversions_api_meta_access_token"):
        return _meta_error(400, 190, None, f"Malformed access token {given}")
    return None


def _meta_error(status: int, code: int, subcode: int | None, message: str) -> Response:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AxTrace9"}
    return JSONResponse({"error": error | ({"error_subcode": subcode} if subcode else {})}, status)


def _refuse_google(request: Request, desk: Desk) -> Response | None:
    for fault, (status, word, reason) in _GOOGLE.items():
        if desk.takes_fault("conversions_api", f"google_{fault}"):
            return _google_error(status, word, reason)
    if not google_sign_in.is_signed_in(request, desk, SCOPES):
        return _google_error(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")
    return None


def _google_error(status: int, word: str, reason: str | None) -> Response:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    error = {"code": status, "message": "An error of Google's", "status": word}
    return JSONResponse({"error": error | ({"details": details} if reason else {})}, status)


def _refuse_table(
    request: Request, desk: Desk, project: str, dataset: str, name: str
) -> Response | None:
    reasons = {"throttle": (403, "rateLimitExceeded"), "denied": (403, "accessDenied")}
    for fault, (status, reason) in reasons.items():
        if desk.takes_fault("conversions_api", f"bigquery_{fault}"):
            return _bigquery_error(status, reason, "An error of BigQuery's")
    if not google_sign_in.is_signed_in(request, desk, SCOPES):
        return _bigquery_error(401, "authError", "Invalid Credentials")
    if (project, dataset, name) != (PROJECT, DATASET, TABLE):
        return _bigquery_error(404, "notFound", f"Not found: Table {project}:{dataset}.{name}")
    return None


def _bigquery_error(status: int, reason: str, message: str) -> Response:
    detail = {"message": message, "domain": "global", "reason": reason}
    return JSONResponse({"error": {"code": status, "message": message, "errors": [detail]}}, status)
