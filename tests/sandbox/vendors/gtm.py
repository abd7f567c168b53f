"""Tag Manager's API v2: containers, their environments, version headers and the live version.

What is not there and what may not be seen are both answered 404.
Workspaces hold what was never published, and version headers one version that was not either.
Faults: throttle, quota, daily_quota, server_error, unauthorized, forbidden, disabled, not_found,
truncated, missing_tag, missing_column, retyped_column, published_meanwhile, never_published,
duplicate_page, empty_page, endless_pages.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import google_sign_in

VENDOR = "gtm"
READ = "https://www.googleapis.com/auth/tagmanager.readonly"
#: Headers of versions a page; small, so that a container of twenty versions has two.
PAGE = 20
LIVE = """
select v.* from tag_publishes as p inner join tag_versions as v using (public_id, version_id)
where p.public_id = $public_id and p.published_at <= $now
order by p.published_at desc, p.version_id desc limit 1
"""
VERSIONS = """
select * from tag_versions where public_id = $public_id and created_at <= $now order by version_id
"""
COUNTS = {
    "numTags": "tag", "numTriggers": "trigger", "numVariables": "variable", "numZones": "zone",
    "numCustomTemplates": "customTemplate", "numClients": "client",
    "numTransformations": "transformation", "numGtagConfigs": "gtagConfig",
}  # fmt: skip
#: Faults that refuse a request: HTTP status, status word, reason.
_REFUSALS = {
    "throttle": (429, "RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    "quota": (403, "PERMISSION_DENIED", "rateLimitExceeded"),
    "daily_quota": (403, "PERMISSION_DENIED", "dailyLimitExceeded"),
    "server_error": (503, "UNAVAILABLE", "backendError"),
    "unauthorized": (401, "UNAUTHENTICATED", "authError"),
    "forbidden": (403, "PERMISSION_DENIED", "insufficientPermissions"),
    "disabled": (403, "PERMISSION_DENIED", "accessNotConfigured"),
    "not_found": (404, "NOT_FOUND", "notFound"),
}

router = APIRouter(prefix="/tagmanager/v2")
AtDesk = Annotated[Desk, Depends(desk_of)]
_CONTAINER = "/accounts/{account}/containers/{container}"


@router.get("/accounts/containers:lookup")
def lookup(request: Request, desk: AtDesk, tagId: str = "", destinationId: str = "") -> Response:
    found = desk.rows("select * from tag_containers where public_id = $id", id=tagId)
    return _answer(request, desk, found[0] if found else None, _container)


@router.get(_CONTAINER)
def container(request: Request, desk: AtDesk, account: str, container: str) -> Response:
    return _answer(request, desk, _found(desk, account, container), _container)


@router.get(_CONTAINER + "/environments")
def environments(request: Request, desk: AtDesk, account: str, container: str) -> Response:
    def listed(one: dict[str, Any]) -> dict[str, Any]:
        live = str(_live(desk, one)["version_id"])
        if desk.takes_fault(VENDOR, "never_published"):
            live = "0"
        if desk.takes_fault(VENDOR, "published_meanwhile"):
            live = str(int(live) - 1)
        staging = {"type": "user", "name": "Staging", "environmentId": "7", "enableDebug": True,
                   "containerVersionId": str(_headers(desk, one)[-1]["containerVersionId"]),
                   "url": "https://staging.harbourhouse.example/?key=17"}  # fmt: skip
        kept = [{"type": "live", "name": "Live", "environmentId": "1", "containerVersionId": live},
                {"type": "latest", "name": "Latest", "environmentId": "2"}, staging]  # fmt: skip
        shared = {"authorizationCode": "q7mVnE2xT8-neverToBeSeen", "enableDebug": False,
                  "fingerprint": "1788000000000", **_where(one)}  # fmt: skip
        return {"environment": [{**shared, **one_of} for one_of in kept]}

    return _answer(request, desk, _found(desk, account, container), listed)


@router.get(_CONTAINER + "/version_headers")
def headers(
    request: Request, desk: AtDesk, account: str, container: str, pageToken: str = ""
) -> Response:
    def listed(one: dict[str, Any]) -> dict[str, Any]:
        found = _headers(desk, one)
        start = int(pageToken or 0)
        if start and desk.takes_fault(VENDOR, "duplicate_page"):
            start = 0
        answer: dict[str, Any] = {"containerVersionHeader": found[start : start + PAGE]}
        if start + PAGE < len(found) or desk.takes_fault(VENDOR, "endless_pages"):
            answer["nextPageToken"] = str(start + PAGE)
        return {} if desk.takes_fault(VENDOR, "empty_page") else answer

    return _answer(request, desk, _found(desk, account, container), listed)


@router.get(_CONTAINER + "/versions:live")
def live(request: Request, desk: AtDesk, account: str, container: str) -> Response:
    return _answer(
        request, desk, _found(desk, account, container),
        lambda one: _spoilt(desk, _version(one, _live(desk, one))),
    )  # fmt: skip


@router.get(_CONTAINER + "/versions/{version}")
def version(request: Request, desk: AtDesk, account: str, container: str, version: str) -> Response:
    one = _found(desk, account, container)
    rows = desk.rows(VERSIONS, public_id=one["public_id"]) if one else []
    known = next((row for row in rows if str(row["version_id"]) == version), None)
    return _answer(request, desk, known and one, lambda one: _version(one, known or {}))


@router.get(_CONTAINER + "/workspaces")
def workspaces(request: Request, desk: AtDesk, account: str, container: str) -> Response:
    """One in which somebody has paused everything, and not published it."""
    kept = {"workspaceId": "9", "name": "Default Workspace"}
    return _answer(request, desk, _found(desk, account, container),
                   lambda one: {"workspace": [{**kept, **_where(one)}]})  # fmt: skip


def _answer(request: Request, desk: Desk, found: Any, make: Any) -> Response:
    for fault, (status, word, reason) in _REFUSALS.items():
        if desk.takes_fault(VENDOR, fault):
            return _error(status, word, reason)
    scopes = google_sign_in.granted_scopes(request, desk)
    if scopes is None:
        return _error(401, "UNAUTHENTICATED", "authError")
    if READ not in scopes:
        return _error(403, "PERMISSION_DENIED", "insufficientPermissions")
    if found is None:
        return _error(404, "NOT_FOUND", "notFound")
    body = json.dumps(make(found))
    if desk.takes_fault(VENDOR, "truncated"):
        body = body[: len(body) // 2]
    return Response(body, media_type="application/json; charset=UTF-8")


def _found(desk: Desk, account: str, container: str) -> dict[str, Any] | None:
    sql = "select * from tag_containers where account_id = $account and container_id = $container"
    rows = desk.rows(sql, account=account, container=container)
    return rows[0] if rows else None


def _live(desk: Desk, one: dict[str, Any]) -> dict[str, Any]:
    return desk.rows(LIVE, public_id=one["public_id"])[0]


def _where(one: dict[str, Any]) -> dict[str, Any]:
    return {"accountId": one["account_id"], "containerId": one["container_id"]}


def _container(one: dict[str, Any]) -> dict[str, Any]:
    return {
        **_where(one),
        "path": f"accounts/{one['account_id']}/containers/{one['container_id']}",
        "name": one["container_name"], "publicId": one["public_id"], "tagIds": [one["public_id"]],
        "usageContext": [one["usage_context"]], "fingerprint": "1788000000000",
        "features": {"supportTags": True, "supportEnvironments": True},
    }  # fmt: skip


def _version(one: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    where = _where(one)
    path = f"accounts/{one['account_id']}/containers/{one['container_id']}"
    content = {
        kind: [{**where, **_own(kind, row), **item} for item in items]
        for kind, items in json.loads(row["content"]).items()
    }
    return {
        **where, "path": f"{path}/versions/{row['version_id']}",
        "containerVersionId": str(row["version_id"]), "name": row["version_name"],
        "container": _container(one), "fingerprint": "1788000000000", **content,
    }  # fmt: skip


def _own(kind: str, row: dict[str, Any]) -> dict[str, str]:
    """Everything but built-in variables has a fingerprint, here a new one with every version."""
    return {} if kind == "builtInVariable" else {"fingerprint": f"178800000{row['version_id']}"}


def _headers(desk: Desk, one: dict[str, Any]) -> list[dict[str, Any]]:
    """Every version, and one more than is live that somebody made and did not publish."""
    rows = desk.rows(VERSIONS, public_id=one["public_id"])
    rows.append({**rows[-1], "version_id": rows[-1]["version_id"] + 100, "version_name": "Try-out"})
    found = []
    for row in rows:
        content = json.loads(row["content"])
        counts = {name: str(len(content.get(kind, []))) for name, kind in COUNTS.items()}
        found.append({**_where(one), "containerVersionId": str(row["version_id"]),
                      "name": row["version_name"], **counts})  # fmt: skip
    return found


def _spoilt(desk: Desk, found: dict[str, Any]) -> dict[str, Any]:
    """The live version after whatever faults were ordered for it."""
    if desk.takes_fault(VENDOR, "missing_tag"):
        found["tag"] = found["tag"][1:]
    if desk.takes_fault(VENDOR, "missing_column"):
        found["tag"] = [
            {k: v for k, v in found["tag"][0].items() if k != "tagId"},
            *found["tag"][1:],
        ]
    if desk.takes_fault(VENDOR, "retyped_column"):
        found["tag"][0]["parameter"] = "not a list"
    return found


def _error(status: int, word: str, reason: str) -> Response:
    detail = {"message": f"{reason} of the sandbox", "domain": "global", "reason": reason}
    error = {"code": status, "message": detail["message"], "errors": [detail], "status": word}
    return Response(json.dumps({"error": error}), status, media_type="application/json")
