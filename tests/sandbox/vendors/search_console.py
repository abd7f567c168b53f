"""Search Console over REST: token, sites.list, sites.get, searchAnalytics.query.

A day is final when two more have passed on the Pacific coast; until then a part of it shows, which
grows. Queries so rare that Google tells none are in the figures of pages and days alone. By page
every page shown counts, by property a search counts once.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import google_sign_in

ZONE = "America/Los_Angeles"
DOMAIN = "harbourhouse.example"
#: The properties the service account sees, and how.
SITES = {
    f"sc-domain:{DOMAIN}": "siteFullUser",
    f"https://weddings.{DOMAIN}/": "siteRestrictedUser",
    f"https://old.{DOMAIN}/": "siteUnverifiedUser",
}
SCOPES = {
    "https://www.googleapis.com/auth/webmasters",
    "https://www.googleapis.com/auth/webmasters.readonly",
}
MOST_ROWS_A_PAGE = 25_000
RETENTION_DAYS = 16 * 31
DAYS_TO_FINAL = 2
DIMENSIONS = {"date": "cast(search_date as varchar)", "page": "page", "query": "query"}
#: Faults that refuse a request: HTTP status, reason, domain, message.
_REFUSALS = {
    "throttle": (403, "rateLimitExceeded", "usageLimits", "Rate Limit Exceeded"),
    "too_many": (429, "rateLimitExceeded", "usageLimits", "Quota exceeded for quota metric"),
    "quota": (403, "quotaExceeded", "usageLimits", "Search Analytics load quota exceeded."),
    "server_error": (503, "backendError", "global", "Backend Error"),
    "unauthorized": (401, "authError", "global", "Invalid Credentials"),
    "disabled": (403, "accessNotConfigured", "usageLimits", "API has not been used in project 7"),
    "unknown": (418, "mood", "global", "Not in the mood"),
}

router = APIRouter()
AtDesk = Annotated[Desk, Depends(desk_of)]


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, reason: str, message: str, domain: str = "global") -> None:
        super().__init__(message)
        detail = {"message": message, "domain": domain, "reason": reason}
        self.answer = JSONResponse(
            {"error": {"code": status, "message": message, "errors": [detail]}}, status
        )


@router.get("/webmasters/v3/sites")
def list_sites(request: Request, desk: AtDesk) -> Response:
    try:
        _check(request, desk)
    except Refused as refused:
        return refused.answer
    entries = [{"siteUrl": site, "permissionLevel": level} for site, level in SITES.items()]
    return JSONResponse({"siteEntry": entries})


@router.post("/webmasters/v3/sites/{site:path}/searchAnalytics/query")
def query(site: str, body: dict[str, Any], request: Request, desk: AtDesk) -> Response:
    try:
        _check(request, desk, site)
        return JSONResponse(answer(desk, site, body))
    except Refused as refused:
        return refused.answer


@router.get("/webmasters/v3/sites/{site:path}")
def get_site(site: str, request: Request, desk: AtDesk) -> Response:
    try:
        _check(request, desk, site)
    except Refused as refused:
        return refused.answer
    return JSONResponse({"siteUrl": site, "permissionLevel": SITES[site]})


def _check(request: Request, desk: Desk, site: str | None = None) -> None:
    for fault, (status, reason, domain, message) in _REFUSALS.items():
        if desk.takes_fault("search_console", fault):
            raise Refused(status, reason, message, domain)
    if not google_sign_in.is_signed_in(request, desk, SCOPES):
        raise Refused(401, "authError", "Request had invalid authentication credentials.")
    if site is not None and SITES.get(site, "siteUnverifiedUser") == "siteUnverifiedUser":
        raise Refused(
            403,
            "forbidden",
            f"User does not have sufficient permission for site '{site}'. See also:"
            " https://support.google.com/webmasters/answer/2451999.",
        )


def answer(desk: Desk, site: str, body: dict[str, Any]) -> dict[str, Any]:
    """What Google answers at the clock's time, or Refused."""
    today = desk.now.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()
    since, last = _day(body, "startDate"), _day(body, "endDate")
    if since > last:
        raise Refused(400, "invalidParameter", "startDate must not be after endDate.")
    limit, start = int(body.get("rowLimit", 1000)), int(body.get("startRow", 0))
    if not 1 <= limit <= MOST_ROWS_A_PAGE or start < 0:
        raise Refused(400, "invalidParameter", f"Invalid rowLimit {limit} or startRow {start}.")
    names = [str(name).lower() for name in body.get("dimensions", [])]
    if not set(names) <= set(DIMENSIONS):
        raise Refused(400, "invalidParameter", f"Invalid dimension: {names}.")
    aggregation = _aggregation(body, names)
    state = str(body.get("dataState", "final")).lower()
    final_before = today - timedelta(days=DAYS_TO_FINAL)
    if state != "all":
        last = min(last, final_before - timedelta(days=1))
    if str(body.get("type", body.get("searchType", "web"))).lower() != "web":
        last = since - timedelta(days=1)  # the site is in the list of links and nowhere else
    found: dict[str, Any] = {"responseAggregationType": aggregation}
    rows = _rows(
        desk, site, names, max(since, today - timedelta(RETENTION_DAYS)), last, aggregation
    )
    if page := rows[start : start + limit]:
        found["rows"] = page
    if state == "all" and "date" in names and last >= final_before:
        found["metadata"] = {"firstIncompleteDate": str(max(final_before, since))}
    return found


def _aggregation(body: dict[str, Any], names: list[str]) -> str:
    asked = str(body.get("aggregationType", "auto")).replace("_", "").lower()
    if asked not in ("auto", "bypage", "byproperty"):
        raise Refused(400, "invalidParameter", f"Invalid aggregationType {asked}.")
    if asked == "byproperty" and "page" in names:
        raise Refused(400, "invalidParameter", "Cannot aggregate by property when grouping by page")
    is_by_page = asked == "bypage" or (asked == "auto" and "page" in names)
    return "byPage" if is_by_page else "byProperty"


def _day(body: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(body[name]))
    except (KeyError, ValueError):
        raise Refused(400, "required", f"Required parameter: {name}") from None


def _rows(
    desk: Desk, site: str, names: list[str], since: date, last: date, aggregation: str
) -> list[dict[str, Any]]:
    keys = ", ".join(DIMENSIONS[name] for name in names)
    grouped = f"group by {keys}" if keys else ""
    # Two pages in one list of results are one search of the property.
    seen = "impressions" if aggregation == "byPage" else "ceil(impressions * 0.9)"
    found = desk.rows(
        f"""
        with shown as (
            select *, case
                when search_date < $final then 1.0
                when search_date < $today then 0.9
                else 0.6 * epoch($now - cast(timezone('UTC', timezone('{ZONE}',
                    cast($today as timestamp))) as timestamp)) / 86400 end as share
            from searches
            where search_date between $since and $last and search_date <= $today
                and {_is_of(site)} {"and query is not null" if "query" in names else ""}
        ),
        grown as (
            select search_date, page, query, floor(impressions * share) as impressions,
                least(floor(clicks * share), floor(impressions * share)) as clicks,
                positions / impressions as place
            from shown
            where floor(impressions * share) > 0
        )
        select [{keys}] as keys, sum(clicks) as clicks, sum({seen}) as impressions,
            sum(impressions * place) / sum(impressions) as position
        from grown {grouped}
        having sum(impressions) > 0
        order by clicks desc, keys""",
        since=since,
        last=last,
        today=desk.now.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date(),
        final=desk.now.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()
        - timedelta(days=DAYS_TO_FINAL),
    )
    return [
        ({"keys": row["keys"]} if names else {})
        | {
            "clicks": float(row["clicks"]),
            "impressions": float(row["impressions"]),
            "ctr": float(row["clicks"]) / float(row["impressions"]),
            "position": float(row["position"]),
        }
        for row in found
    ]


def _is_of(site: str) -> str:
    """SQL for the pages of a property; the name is one of SITES."""
    if site.startswith("sc-domain:"):
        return f"regexp_matches(page, '^https?://([a-z0-9-]+[.])*{DOMAIN}/')"
    return f"starts_with(page, '{site}')"
