"""Meta's Marketing API v26.0 as the ad account act_900100200 would answer.

As Meta does: throttling is HTTP 400 with a code and a usage header; the cursor `after` is there
on the last page too, only `next` is missing, and `next` repeats the token; a report job can
stand at 100 % while still running, and its rows are summed only where they are read; without a
filter on status, deleted ads are left out, and deleted campaigns may not be asked for.
Faults: throttle, throttle_app, throttle_account, throttle_use_case, throttle_long, server_error,
unauthorized, no_permission, retired_version, too_much_data, too_many_rows, job_failed,
job_too_large, job_stuck, result_not_ready, truncated, duplicate_page, missing_last_page,
missing_column, retyped_column, doubled_action, empty_day.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Annotated, Any
from urllib.parse import parse_qsl

import pyarrow.compute as pc
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import meta_ads_reports as reports
from sandbox.vendors.meta_ads_creatives import ads as list_ads
from sandbox.vendors.meta_ads_creatives import asked_for

VENDOR = "meta_ads"
VERSIONS = ("v25.0", "v26.0")
TOKEN = os.environ.get("TRUEUP_SECRET_META_ADS_ACCESS_TOKEN", "sandbox-meta-token")
SECRET = os.environ.get("TRUEUP_SECRET_META_ADS_APP_SECRET", "sandbox-meta-app-secret")
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
RETENTION = timedelta(days=37 * 31)
#: fault -> HTTP status, code, subcode, Meta's words
REFUSALS = {
    "throttle": (400, 17, 2446079, "(#17) User request limit reached"),
    "throttle_app": (400, 4, 1504022, "(#4) Application request limit reached"),
    "throttle_account": (400, 613, 1487742, "(#613) Too many calls from this ad-account"),
    "throttle_use_case": (400, 80000, 2446079, "(#80000) Too many calls to this ad account"),
    "throttle_long": (400, 80004, 2446079, "(#80004) Too many calls to this ad account"),
    "server_error": (503, 2, None, "Service temporarily unavailable"),
    "unauthorized": (401, 190, 463, f"Malformed access token {TOKEN}"),
    "no_permission": (403, 10, None, "(#10) Application does not have permission"),
    "retired_version": (400, 2635, None, "(#2635) You are calling a deprecated version"),
}
TOO_MUCH = (500, 1, None, "Please reduce the amount of data you're asking for, then retry")
TOO_MANY_ROWS = (400, 100, 1487534, "(#100) The report would have too many rows")
NOT_READY = (400, 2601, 1815107, "Error loading the result of this async job")
NO_DELETED = (
    400,
    100,
    1815001,
    "Requesting for deleted objects is not supported in this endpoint.",
)
NOT_OURS = (
    400,
    100,
    33,
    "Unsupported get request. Object does not exist, cannot be loaded due to missing permissions,"
    " or does not support this operation",
)
Params = dict[str, Any]
_jobs: dict[str, Params] = {}
_job_ids = count(6_100_000_000_001)


class Refusal(Exception):
    def __init__(self, status: int, code: int, subcode: int | None, message: str) -> None:
        self.status, self.code = status, code
        error = {"message": message, "type": "OAuthException", "code": code}
        if subcode:
            error["error_subcode"] = subcode
        self.body = {"error": {**error, "fbtrace_id": "AqTraceOfTheSandbox"}}


class GraphRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            try:
                return await answer(request)
            except Refusal as refusal:
                wait = 47 if refusal.code == 80004 else 0
                return JSONResponse(refusal.body, refusal.status, headers=_usage(wait))

        return answer_or_refuse


async def params_of(request: Request) -> Params:
    """Query and body together, as the Graph API reads them; JSON values are opened."""
    pairs = [*request.query_params.items(), *parse_qsl((await request.body()).decode())]
    return {key: _opened(value) for key, value in pairs}


AtDesk = Annotated[Desk, Depends(desk_of)]
Asked = Annotated[Params, Depends(params_of)]


def admit(request: Request, version: str, desk: AtDesk, params: Asked) -> None:
    for fault, refusal in REFUSALS.items():
        if desk.takes_fault(VENDOR, fault):
            raise Refusal(*refusal)
    if version not in VERSIONS:
        raise Refusal(*REFUSALS["retired_version"])
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if params.get("access_token", bearer) != TOKEN:
        raise Refusal(*REFUSALS["unauthorized"])
    if params.get("appsecret_proof") != PROOF:
        raise Refusal(400, 100, None, "Invalid appsecret_proof provided in the API argument")


router = APIRouter(route_class=GraphRoute, dependencies=[Depends(admit)])


@router.get("/{version}/{node}/insights")
def insights(request: Request, node: str, desk: AtDesk, params: Asked) -> Response:
    if node in _jobs:
        if desk.takes_fault(VENDOR, "result_not_ready"):
            raise Refusal(*NOT_READY)
        asked = {**_jobs[node], "summary": [], **params}
    else:
        _own(node)
        asked = params
    return _report(request, desk, asked)


@router.post("/{version}/{node}/insights")
def start_job(node: str, desk: AtDesk, params: Asked) -> dict[str, str]:
    _own(node)
    _understand(desk, params)
    run_id = str(next(_job_ids))
    fates = ("job_failed", "job_too_large", "job_stuck")
    fate = next((fate for fate in fates if desk.takes_fault(VENDOR, fate)), "")
    _jobs[run_id] = {**params, "polls": 0, "fate": fate}
    return {"report_run_id": run_id}


@router.get("/{version}/{node}/campaigns")
def campaigns(request: Request, node: str, desk: AtDesk, params: Asked) -> Response:
    return _listed(request, node, desk, params, reports.campaigns)


@router.get("/{version}/{node}/ads")
def ads(request: Request, node: str, desk: AtDesk, params: Asked) -> Response:
    return _listed(request, node, desk, params, list_ads)


def _listed(
    request: Request,
    node: str,
    desk: Desk,
    params: Params,
    kept: Callable[[Desk, list[str]], list[dict[str, Any]]],
) -> Response:
    """What the account has on an edge."""
    _own(node)
    statuses = params.get("effective_status", ["ACTIVE", "PAUSED"])
    if "DELETED" in statuses:
        raise Refusal(*NO_DELETED)
    if desk.takes_fault(VENDOR, "too_much_data"):
        raise Refusal(*TOO_MUCH)
    rows = kept(desk, statuses)
    summary = {"total_count": len(rows)} if "summary" in params else None
    start, end, paging = _paging(request, params, len(rows))
    data = asked_for(rows[start:end], params.get("fields", "id"))
    return _answer(desk, data, paging, summary)


@router.get("/{version}/{node}/{edge}")
def settings(request: Request, node: str, edge: str, desk: AtDesk, params: Asked) -> Response:
    """Pixels, custom conversions, and a pixel's gateway; when a pixel last fired is now."""
    if edge == "openbridge_configurations":
        if desk.takes_fault(VENDOR, "no_gateway_rights"):
            raise Refusal(400, 200, None, "(#200) Requires business_management permission")
    else:
        _own(node)
    rows = reports.settings(desk).get(edge)
    if rows is None:
        raise Refusal(*NOT_OURS)
    if edge == "adspixels":
        rows = [{**row, "last_fired_time": desk.now.isoformat()} for row in rows]
    fields = [*_names(params.get("fields", "id")), "id"]
    start, end, paging = _paging(request, params, len(rows))
    data = [{key: row[key] for key in row if key in fields} for row in rows[start:end]]
    return _answer(desk, data, paging, None)


@router.get("/{version}/{node}")
@router.get("/{version}/{node}/")
def read_node(node: str, desk: AtDesk, params: Asked) -> dict[str, Any]:
    fields = _names(params.get("fields", "id"))
    if node not in _jobs:
        _own(node)
        account = {**reports.ACCOUNT, **reports.settings(desk)["account"]}
        return {key: value for key, value in account.items() if key in [*fields, "id"]}
    job = _jobs[node]
    job["polls"] += 1
    run = {"id": node, "account_id": reports.ACCOUNT["account_id"]}
    if job["fate"] in ("job_failed", "job_too_large"):
        refusal = TOO_MANY_ROWS if job["fate"] == "job_too_large" else REFUSALS["server_error"]
        failure = dict(
            zip(("error_code", "error_subcode", "error_message"), refusal[1:], strict=True)
        )
        return {**run, **failure, "async_status": "Job Failed", "async_percent_completion": 7}
    if job["polls"] < 2 or job["fate"] == "job_stuck":
        return {**run, "async_status": "Job Running", "async_percent_completion": 100}
    return {**run, "async_status": "Job Completed", "async_percent_completion": 100}


def _own(node: str) -> None:
    if node != reports.ACCOUNT["id"]:
        raise Refusal(*NOT_OURS)


def _understand(desk: Desk, params: Params) -> tuple[str, list[str], date, date]:
    level = params.get("level", "account")
    fields = _names(params.get("fields", "impressions,spend"))
    for name in fields:
        if name not in reports.FIELDS.get(level, ()):
            raise Refusal(400, 100, None, f"(#100) {name} is not valid for fields param")
    for window in params.get("action_attribution_windows", []):
        if window not in (*reports.WINDOWS, *reports.RETIRED_WINDOWS):
            raise Refusal(400, 100, None, f"(#100) {window} is no attribution window")
    if level == "campaign" and params.get("date_preset") == "maximum":
        return level, fields, desk.now.date() - RETENTION, desk.now.date()
    try:
        since = date.fromisoformat(params["time_range"]["since"])
        until = date.fromisoformat(params["time_range"]["until"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(400, 100, None, "(#100) param time_range must be a range") from None
    if since < desk.now.date() - RETENTION:
        raise Refusal(400, 3018, None, "(#3018) The start date cannot be beyond 37 months")
    is_by_day = params.get("time_increment") in (1, "1")
    if since > until or not (is_by_day or level == "campaign"):
        raise Refusal(400, 100, None, "(#100) only whole days by day are served here")
    return level, fields, since, until


def _report(request: Request, desk: Desk, params: Params) -> Response:
    level, fields, since, until = _understand(desk, params)
    if desk.takes_fault(VENDOR, "too_much_data"):
        raise Refusal(*TOO_MUCH)
    if desk.takes_fault(VENDOR, "too_many_rows"):
        raise Refusal(*TOO_MANY_ROWS)
    filters = {f["field"]: f["value"] for f in params.get("filtering", [])}
    statuses = filters.get("ad.effective_status", ["ACTIVE", "PAUSED", "CAMPAIGN_PAUSED"])
    table = reports.days(desk, level, since, until, statuses)
    if desk.takes_fault(VENDOR, "empty_day"):
        table = table.filter(pc.not_equal(table["ad_date"], until))
    start, end, paging = _paging(request, params, table.num_rows)
    if start and desk.takes_fault(VENDOR, "duplicate_page"):
        start, end = 0, end - start
    asked = params.get("action_attribution_windows", [])
    windows = [window for window in asked if window in reports.WINDOWS]
    data = reports.rows(desk, table.slice(start, end - start), fields, windows)
    summary = reports.totals(table, _names(params["summary"])) if params.get("summary") else None
    return _answer(desk, data, paging, summary)


def _answer(desk: Desk, data: list[Any], paging: Params, summary: Params | None) -> Response:
    if desk.takes_fault(VENDOR, "missing_last_page"):
        paging.pop("next", None)
    for row in data:
        if desk.takes_fault(VENDOR, "missing_column"):
            row.pop("account_id")
        if desk.takes_fault(VENDOR, "retyped_column"):
            row |= {"clicks": "many", "name": 7}
        if "actions" in row and desk.takes_fault(VENDOR, "doubled_action"):
            row["actions"] *= 2
    body = {"data": data, "paging": paging} | ({"summary": summary} if summary else {})
    content = json.dumps(body).encode()
    if desk.takes_fault(VENDOR, "truncated"):
        content = content[: len(content) // 2]
    return Response(content, media_type="application/json", headers=_usage(0))


def _paging(request: Request, params: Params, total: int) -> tuple[int, int, Params]:
    """First and last row of the page, and the links around it."""
    start = int(base64.b64decode(params["after"])) if "after" in params else 0
    end = min(start + int(params.get("limit", 25)), total)
    cursors = {"before": _cursor(start), "after": _cursor(end)}
    if end >= total:
        return start, end, {"cursors": cursors}
    following = request.url.include_query_params(access_token=TOKEN, after=_cursor(end))
    return start, end, {"cursors": cursors, "next": str(following)}


def _cursor(position: int) -> str:
    return base64.b64encode(str(position).encode()).decode()


def _opened(value: str) -> Any:
    return json.loads(value) if value[:1] in ("[", "{") else value


def _names(value: str | list[str]) -> list[str]:
    return value.split(",") if isinstance(value, str) else value


def _usage(wait_minutes: int) -> dict[str, str]:
    case = {"type": "ads_insights", "call_count": 9, "total_cputime": 4, "total_time": 5}
    usage = {"900100200": [{**case, "estimated_time_to_regain_access": wait_minutes}]}
    return {"X-Business-Use-Case-Usage": json.dumps(usage)}
