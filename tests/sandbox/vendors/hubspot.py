"""HubSpot CRM v3 as its portal 24680246 would answer: search, batch read, lists, associations.

As the vendor does: a search stops at 10,000 hits with HTTP 400, leaves out archived records and
pages by `after`; an empty property is null, and one the portal does not have is left out without
a word; a merge makes a new record in place of two; 429 names its policy. Faults: throttle,
daily_limit, server_error, unauthorized, missing_scopes, truncated, duplicate_page,
missing_last_page, missing_column, retyped_column, empty_day, index_lag.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Response

from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import hubspot_records as crm
from sandbox.vendors.hubspot_dialect import VENDOR, HubSpotRoute, Refusal, admit

PORTAL_ID = 24680246
SEARCH_CAP = 10_000
INDEX_LAG = timedelta(hours=1)
TYPES = {
    "contacts": "contacts", "0-1": "contacts", "deals": "deals", "0-3": "deals",
    **{kind: kind for kind in crm.ACTIVITY_KINDS},
}  # fmt: skip
OPEN_STAGES = (
    ("enquiry", "Enquiry", "0.1"),
    ("viewing", "Viewing", "0.3"),
    ("proposal", "Proposal sent", "0.6"),
)
#: A pipeline made later has numbers for ids.
PIPELINES = {
    "weddings": (*OPEN_STAGES, ("closedwon", "Closed won", "1.0"), ("closedlost", "Lost", "0.0")),
    "events": (*OPEN_STAGES, ("1049659", "Confirmed", "1.0"), ("1049660", "Declined", "0.0")),
}
#: property a column fault takes away or retypes -> what it turns into
FAULTY = {"lifecyclestage": 42, "dealstage": 42}
Answer = dict[str, Any]
Sent = Annotated[Answer, Body()]
TheDesk = Annotated[Desk, Depends(desk_of)]
_last_search: dict[tuple[int, str], Answer] = {}


router = APIRouter(route_class=HubSpotRoute, dependencies=[Depends(admit)])


@router.get("/account-info/v3/details")
def account() -> Answer:
    return {
        "portalId": PORTAL_ID,
        "accountType": "STANDARD",
        "timeZone": "Europe/Lisbon",
        "companyCurrency": "EUR",
        "additionalCurrencies": ["GBP"],
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "eu1",
    }


@router.post("/crm/v3/objects/{kind}/search")
def search(kind: str, body: Sent, desk: TheDesk) -> Response:
    kind = _type(kind)
    lag = INDEX_LAG if desk.takes_fault(VENDOR, "index_lag") else timedelta()
    known = crm.records(desk, kind, desk.now - lag)
    limit, after = int(body.get("limit") or 10), int(body.get("after") or 0)
    if limit > 200 or after + limit > SEARCH_CAP:
        raise Refusal(400, "Paging past 10,000 hits or 200 a page.", category="VALIDATION_ERROR")
    try:
        where, values = crm.condition(known, body.get("filterGroups") or [])
    except KeyError as error:
        message = f"There was a problem with the request: no property {error.args[0]}"
        raise Refusal(400, message, category="VALIDATION_ERROR") from None
    if desk.takes_fault(VENDOR, "empty_day"):
        where = "false and (" + where + ")"
    rows, total = crm.select(
        known, f"archived_at is null and ({where})", values, _order(body), limit, after
    )
    answer = {"total": total, "results": _objects(desk, kind, rows, body.get("properties"))}
    if after + len(rows) < total:
        answer["paging"] = {"next": {"after": str(after + len(rows))}}
    if desk.takes_fault(VENDOR, "missing_last_page"):
        answer = {"total": total, "results": answer["results"][: limit // 2]}
    if _is_later_page(body) and desk.takes_fault(VENDOR, "duplicate_page"):
        answer = _last_search[id(desk), kind]
    _last_search[id(desk), kind] = answer
    return _answer(desk, answer)


@router.post("/crm/v3/objects/{kind}/batch/read")
def batch_read(kind: str, body: Sent, desk: TheDesk, archived: bool = False) -> Response:
    kind, ids = _type(kind), [int(entry["id"]) for entry in body["inputs"]]
    names = body.get("propertiesWithHistory") or []
    if len(ids) > (50 if names else 100):
        raise Refusal(400, "Too many inputs in one batch.", category="VALIDATION_ERROR")
    rows, _ = crm.select(
        crm.records(desk, kind, desk.now),
        f"hs_object_id in (select unnest(?)) and archived_at is {'not ' * archived}null",
        [ids],
    )
    objects = _objects(desk, kind, rows, body.get("properties"))
    if names:
        histories = crm.histories(desk, kind, ids, names, desk.now)
        for record in objects:
            record["propertiesWithHistory"] = histories[record["id"]]
    at = desk.now.isoformat(timespec="milliseconds") + "Z"
    answer = {"status": "COMPLETE", "startedAt": at, "completedAt": at, "results": objects}
    return _answer(desk, answer)


@router.get("/crm/v3/objects/{kind}")
def list_page(
    kind: str,
    desk: TheDesk,
    limit: int = 10,
    after: int = 0,
    archived: bool = False,
    properties: str = "",
) -> Response:
    kind = _type(kind)
    if limit > 100:
        raise Refusal(400, "At most 100 records a page.", category="VALIDATION_ERROR")
    where = f"archived_at is {'not ' * archived}null and hs_object_id > ?"
    known = crm.records(desk, kind, desk.now)
    rows, total = crm.select(known, where, [after], limit=limit)
    answer = {"results": _objects(desk, kind, rows, properties.split(",") if properties else None)}
    if total > len(rows):
        answer["paging"] = {"next": {"after": str(rows[-1]["hs_object_id"])}}
    return _answer(desk, answer)


@router.get("/crm/v3/objects/{kind}/{record_id}")
def read_one(kind: str, record_id: int, desk: TheDesk) -> Answer:
    kind, known = _type(kind), crm.records(desk, _type(kind), desk.now)
    rows, _ = crm.select(known, "hs_object_id = ?", [record_id])
    if not rows:
        raise Refusal(404, "resource not found", category="OBJECT_NOT_FOUND")
    return crm.shaped(rows[0], kind, [])


@router.post("/crm/v4/associations/{kind}/{other}/batch/read")
def associations(kind: str, other: str, body: Sent, desk: TheDesk) -> Response:
    if _type(other) != "contacts" or _type(kind) == "contacts":
        raise Refusal(400, "Only links to contacts are kept here.", category="VALIDATION_ERROR")
    ids = [int(entry["id"]) for entry in body["inputs"]]
    results = [
        {
            "from": {"id": str(record_id)},
            "to": [
                {"toObjectId": contact_id, "associationTypes": _types(label)}
                for contact_id, label in links
            ],
        }
        for record_id, links in crm.contacts_of(desk, _type(kind), ids, desk.now).items()
    ]
    at = desk.now.isoformat(timespec="milliseconds") + "Z"
    answer = {"status": "COMPLETE", "startedAt": at, "completedAt": at, "results": results}
    return _answer(desk, answer)


@router.get("/crm/v3/pipelines/{kind}")
def pipelines(kind: str, desk: TheDesk) -> Response:
    _type(kind)
    born = {"createdAt": "2025-01-07T09:00:00.000Z", "updatedAt": "2026-02-03T09:00:00.000Z"}
    names = [] if desk.takes_fault(VENDOR, "empty_day") else list(PIPELINES)
    labels = crm.labels(desk)
    results = [
        {"id": name, "label": name.title(), "displayOrder": position, "archived": False, **born,
         "stages": [
             {"id": stage, "label": labels.get(stage, label), "displayOrder": order,
              "archived": False, **born,
              "metadata": {"probability": odds, "isClosed": str(odds in ("1.0", "0.0")).lower()}}
             for order, (stage, label, odds) in enumerate(PIPELINES[name])
         ]}
        for position, name in enumerate(names)
    ]  # fmt: skip
    return _answer(desk, {"results": results})


def _types(label: str | None) -> list[Answer]:
    plain: Answer = {"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None}
    named: Answer = {"category": "USER_DEFINED", "typeId": 36, "label": label}
    return [plain, named] if label else [plain]


def _type(kind: str) -> str:
    if kind not in TYPES:
        raise Refusal(400, f"Unable to infer object type from: {kind}", category="VALIDATION_ERROR")
    return TYPES[kind]


def _is_later_page(body: Answer) -> bool:
    """Whether a walk has begun, by `after` or by the ids above the last one seen."""
    filters = [entry for group in body.get("filterGroups") or [] for entry in group["filters"]]
    walked = [e for e in filters if (e["propertyName"], e["operator"]) == ("hs_object_id", "GT")]
    return int(body.get("after") or 0) > 0 or any(int(entry["value"]) > 0 for entry in walked)


def _order(body: Answer) -> str:
    sorts = body.get("sorts") or ["hs_object_id"]
    name, direction = sorts[0], "ASCENDING"
    if isinstance(name, dict):
        name, direction = name["propertyName"], name.get("direction", direction)
    return f"{name} {'desc' if direction == 'DESCENDING' else 'asc'}, hs_object_id"


def _objects(desk: Desk, kind: str, rows: list[Answer], wanted: list[str] | None) -> list[Answer]:
    objects = [crm.shaped(row, kind, wanted or []) for row in rows]
    for name in FAULTY.keys() & set(wanted or []):
        if desk.takes_fault(VENDOR, "missing_column"):
            for record in objects:
                del record["properties"][name]
        elif desk.takes_fault(VENDOR, "retyped_column"):
            for record in objects:
                record["properties"][name] = FAULTY[name]
    return objects


def _answer(desk: Desk, content: Answer) -> Response:
    body = json.dumps(content)
    if desk.takes_fault(VENDOR, "truncated"):
        body = body[: len(body) // 2]
    return Response(body, media_type="application/json")
