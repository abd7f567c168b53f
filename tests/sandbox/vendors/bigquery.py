"""BigQuery's REST API over the GA4 export: tables.list, tables.get, tabledata.list.

A day's table is `events_intraday_D` until 05:00 UTC of the next day, then `events_D`, which goes
on growing for 72 hours as late events become known. Faults are ordered under the vendor `ga4`.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import google_sign_in
from sandbox.vendors.bigquery_schema import choose
from sandbox.vendors.bigquery_tables import Table, count_rows, day_tables, read_page

PROJECT, DATASET = "harbour-house", "analytics_310100200"
SCOPES = {
    "https://www.googleapis.com/auth/bigquery",
    "https://www.googleapis.com/auth/bigquery.readonly",
    "https://www.googleapis.com/auth/cloud-platform",
}
#: BigQuery cuts pages at about 10 MB; so many of these rows fit.
MOST_ROWS = 10_000
_PATH = "/v2/projects/{project}/datasets/{dataset}/tables"
#: Faults that refuse a request: HTTP status, reason, message.
_REFUSALS = {
    "throttle": (403, "rateLimitExceeded", "Exceeded rate limits: too many api requests"),
    "quota": (403, "quotaExceeded", "Quota exceeded: tabledata.list bytes per day"),
    "too_many": (429, "rateLimitExceeded", "Too many requests"),
    "server_error": (503, "backendError", "Error encountered during execution. Retrying may help"),
    "unauthorized": (401, "authError", "Invalid Credentials"),
    "forbidden": (403, "accessDenied", "Access Denied: User does not have bigquery.tables.list"),
}

router = APIRouter()
AtDesk = Annotated[Desk, Depends(desk_of)]


@router.get(_PATH)
def list_tables(
    request: Request,
    project: str,
    dataset: str,
    desk: AtDesk,
    maxResults: int = 50,
    pageToken: str = "",
) -> Response:
    if refusal := _refuse(request, desk, project, dataset):
        return refusal
    names = sorted(day_tables(desk))
    if desk.takes_fault("ga4", "missing_table"):
        names.remove(max(name for name in names if "intraday" not in name))
    start = _start(pageToken)
    if start is None:
        return _error(400, "invalid", "Invalid page token")
    page = names[start : start + maxResults]
    answer = {
        "kind": "bigquery#tableList",
        "tables": [{"kind": "bigquery#table", "type": "TABLE", **_named(name)} for name in page],
        "totalItems": len(names),
    }
    if start + len(page) < len(names):
        answer["nextPageToken"] = _page_token(start + len(page))
    return _json(answer)


@router.get(_PATH + "/{name}")
def get_table(request: Request, project: str, dataset: str, name: str, desk: AtDesk) -> Response:
    table = day_tables(desk).get(name)
    if refusal := _refuse(request, desk, project, dataset, name, table):
        return refusal
    count = 0 if desk.takes_fault("ga4", "empty_day") else count_rows(desk, table)
    fields = [node.to_json() for node in table.nodes]
    if desk.takes_fault("ga4", "missing_column"):
        fields = [field for field in fields if field["name"] != "privacy_info"]
    if desk.takes_fault("ga4", "retyped_column"):
        fields = [f | {"type": "STRING"} if f["name"] == "event_timestamp" else f for f in fields]
    made = datetime.combine(table.day, datetime.min.time(), UTC) + timedelta(hours=4)
    about = {
        "kind": "bigquery#table",
        **_named(name),
        "type": "TABLE",
        "schema": {"fields": fields},
        "numRows": str(count),
        "creationTime": str(int(made.timestamp() * 1000)),
        "lastModifiedTime": str(int(desk.now.replace(tzinfo=UTC).timestamp() * 1000)),
        "location": "EU",
    }
    if table.is_intraday:  # the newest rows wait in the streaming buffer, outside numRows
        waiting = count // 10
        about["numRows"] = str(count - waiting)
        about["streamingBuffer"] = {"estimatedRows": str(waiting)}
    return _json(about)


@router.get(_PATH + "/{name}/data")
def list_rows(
    request: Request,
    project: str,
    dataset: str,
    name: str,
    desk: AtDesk,
    selectedFields: str = "",
    maxResults: int = MOST_ROWS,
    startIndex: int = 0,
    pageToken: str = "",
) -> Response:
    table = day_tables(desk).get(name)
    if refusal := _refuse(request, desk, project, dataset, name, table):
        return refusal
    try:
        nodes = choose(table.nodes, selectedFields.split(",")) if selectedFields else table.nodes
    except KeyError as error:
        return _error(400, "invalid", f"No such field: {error.args[0]}")
    start = _start(pageToken) if pageToken else startIndex
    if start is None:
        return _error(400, "invalid", "Invalid page token")
    total = 0 if desk.takes_fault("ga4", "empty_day") else count_rows(desk, table)
    size = min(maxResults, MOST_ROWS)
    first = 0 if pageToken and desk.takes_fault("ga4", "duplicate_page") else start
    parts = {"kind": '"bigquery#tableDataList"', "etag": f'"{name}/{start}"'}
    parts["totalRows"] = f'"{total}"'
    more = start + size < total
    if more and not desk.takes_fault("ga4", "missing_last_page"):
        parts["pageToken"] = f'"{_page_token(start + size)}"'
    if start < total:
        parts["rows"] = f"[{read_page(desk, table, nodes, first, size)}]"
    body = "{" + ",".join(f'"{key}":{value}' for key, value in parts.items()) + "}"
    if desk.takes_fault("ga4", "truncated"):
        body = body[: len(body) // 2]
    return Response(body, media_type="application/json; charset=UTF-8")


def _refuse(
    request: Request,
    desk: Desk,
    project: str,
    dataset: str,
    name: str = "",
    table: Table | None = None,
) -> Response | None:
    for fault, (status, reason, message) in _REFUSALS.items():
        if desk.takes_fault("ga4", fault):
            return _error(status, reason, message)
    if not google_sign_in.is_signed_in(request, desk, SCOPES):
        return _error(401, "authError", "Request had invalid authentication credentials.")
    if project != PROJECT:
        return _error(403, "accessDenied", f"Access Denied: Project {project}")
    if dataset != DATASET:
        return _error(404, "notFound", f"Not found: Dataset {project}:{dataset}")
    if name and table is None:
        return _error(404, "notFound", f"Not found: Table {project}:{dataset}.{name}")
    return None


def _error(status: int, reason: str, message: str) -> Response:
    """Google's error body; `errors[].reason` is what tells a slow-down from a refusal."""
    detail = {"message": message, "domain": "global", "reason": reason}
    return _json({"error": {"code": status, "message": message, "errors": [detail]}}, status)


def _named(name: str) -> dict[str, Any]:
    reference = {"projectId": PROJECT, "datasetId": DATASET, "tableId": name}
    return {"id": f"{PROJECT}:{DATASET}.{name}", "tableReference": reference}


def _page_token(start: int) -> str:
    return base64.urlsafe_b64encode(f"row {start}".encode()).decode()


def _start(page_token: str) -> int | None:
    """The row a page token stands for; None where it is not one of ours."""
    if not page_token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(page_token).decode().removeprefix("row "))
    except (ValueError, binascii.Error):
        return None


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, media_type="application/json; charset=UTF-8")
