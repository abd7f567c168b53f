"""GA4's Admin API, v1beta and v1alpha: what the property is set to at the desk's moment.

The steady version does not know what is asked of the early one alone. A property that is not there
and one that may not be seen are both 403. Faults: throttle, quota, server_error, unauthorized,
forbidden, disabled, narrow_scope, truncated, no_early_settings, missing_column, retyped_column,
duplicate_page, endless_pages, another_property.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import google_sign_in

VENDOR = "ga4_admin"
READ = "https://www.googleapis.com/auth/analytics.readonly"
NOW = """
select content from system_settings
where system = 'ga4' and account_id = $account and valid_from <= $now
order by valid_from desc limit 1
"""
#: What v1beta knows, by the last word of its path; the rest is v1alpha's alone.
STEADY = {"dataRetentionSettings", "keyEvents", "dataStreams", "googleAdsLinks"}
CALLED = {"bigQueryLinks": "bigqueryLinks"}
#: Faults that refuse a request: HTTP status, status word, reason.
_REFUSALS = {
    "throttle": (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
    "quota": (403, "PERMISSION_DENIED", "rateLimitExceeded"),
    "server_error": (503, "UNAVAILABLE", "backendError"),
    "unauthorized": (401, "UNAUTHENTICATED", "authError"),
    "forbidden": (403, "PERMISSION_DENIED", ""),
    "disabled": (403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
    "narrow_scope": (403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
}

router = APIRouter()
AtDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/{version}/properties/{path:path}")
def read(
    request: Request, desk: AtDesk, version: str, path: str, pageSize: int = 50, pageToken: str = ""
) -> Response:
    for fault, (status, word, reason) in _REFUSALS.items():
        if desk.takes_fault(VENDOR, fault):
            return _error(status, word, reason)
    if not google_sign_in.is_signed_in(request, desk, {READ}):
        return _error(401, "UNAUTHENTICATED", "CREDENTIALS_MISSING")
    found = desk.rows(NOW, account=path.partition("/")[0])
    if not found:
        return _error(403, "PERMISSION_DENIED", "")
    state, last = json.loads(found[0]["content"]), path.rpartition("/")[2]
    is_known = f"properties/{path}" in state and ("/" not in path or last in STEADY)
    if version == "v1alpha":
        is_known = f"properties/{path}" in state
    if not is_known or version not in ("v1alpha", "v1beta"):
        return _error(404, "NOT_FOUND", "")
    if version == "v1alpha" and desk.takes_fault(VENDOR, "no_early_settings"):
        return _error(400, "FAILED_PRECONDITION", "")
    return _answer(desk, last, state[f"properties/{path}"], pageSize, pageToken)


def _answer(desk: Desk, last: str, found: Any, size: int, token: str) -> Response:
    answer: dict[str, Any] = dict(found) if isinstance(found, dict) else {}
    if isinstance(found, list):
        size = min(size, 2)  # so that three key events are two pages
        start = 0 if token and desk.takes_fault(VENDOR, "duplicate_page") else int(token or 0)
        if found:  # an empty list is left out, as everything empty is
            answer[CALLED.get(last, last)] = found[start : start + size]
        if start + size < len(found):
            answer["nextPageToken"] = str(start + size)
        if found and desk.takes_fault(VENDOR, "endless_pages"):
            answer["nextPageToken"] = "2"
    if last == "keyEvents" and desk.takes_fault(VENDOR, "missing_column"):
        answer["keyEvents"] = [{**one, "eventName": ""} for one in answer["keyEvents"]]
    if last == "keyEvents" and desk.takes_fault(VENDOR, "retyped_column"):
        answer["keyEvents"] = "none"
    if "timeZone" in answer and desk.takes_fault(VENDOR, "another_property"):
        answer["name"] = "properties/7"
    body = json.dumps(answer)
    if desk.takes_fault(VENDOR, "truncated"):
        body = body[: len(body) // 2]
    return Response(body, media_type="application/json; charset=UTF-8")


def _error(status: int, word: str, reason: str) -> Response:
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}
    error = {"code": status, "message": "The caller does not have permission", "status": word}
    if reason:
        error["details"] = [detail | {"domain": "googleapis.com"}]
    return Response(json.dumps({"error": error}), status, media_type="application/json")
