"""A Shopify shop: client-credentials tokens and Admin GraphQL 2026-10, throttled by query cost.

Requests are executed against shopify.graphql. Faults: throttle, server_error, unauthorized,
access_denied, missing_scope, wrong_version, truncated, duplicate_page, missing_last_page,
missing_column, retyped_column, empty_day.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Request, Response
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLResolveInfo,
    build_schema,
    execute,
    parse,
    validate,
)

from sandbox import demo
from sandbox.desk import Desk
from sandbox.server import desk_of
from sandbox.vendors import shopify_orders
from sandbox.vendors.shopify_cost import query_cost

router = APIRouter()

VERSIONS = ("2026-10", "2026-07", "2026-04", "2026-01")
SCOPES = "read_all_orders,read_customers,read_orders,read_products,read_shopify_payments_disputes"
SHOP = {
    "id": "gid://shopify/Shop/70010020001",
    "name": "Harbour House",
    "myshopifyDomain": "harbour-house.myshopify.com",
    "currencyCode": "EUR",
    "ianaTimezone": "Europe/Lisbon",
    "taxesIncluded": True,
    "taxShipping": False,
    "enabledPresentmentCurrencies": ["GBP", "EUR"],
}
#: A Plus shop: points in a full bucket, points restored a second, points one query may ask for.
BUCKET_POINTS = 20_000.0
RESTORED_A_SECOND = 1_000.0
SINGLE_QUERY_POINTS = 1_000
SCHEMA = build_schema(
    Path(__file__).with_name("shopify.graphql").read_text(encoding="utf-8"), assume_valid=True
)


@dataclass
class Counter:
    """What the shop remembers between requests: its tokens and the points left."""

    tokens: dict[str, datetime] = field(default_factory=dict)
    points: float = BUCKET_POINTS
    at: float = field(default_factory=time.monotonic)

    def refill(self) -> None:
        now = time.monotonic()
        self.points = min(BUCKET_POINTS, self.points + (now - self.at) * RESTORED_A_SECOND)
        self.at = now


async def counter_of(request: Request) -> Counter:
    """FastAPI dependency: the application's one counter."""
    state = request.app.state
    if not hasattr(state, "shopify"):
        state.shopify = Counter()
    return state.shopify


@router.post("/admin/oauth/access_token")
def give_token(
    body: Annotated[dict[str, Any], Body()],
    desk: Annotated[Desk, Depends(desk_of)],
    counter: Annotated[Counter, Depends(counter_of)],
) -> Response:
    """A token that ends 24 hours later by the virtual clock."""
    right = demo.secret("shopify_client_id"), demo.secret("shopify_client_secret")
    if (body.get("client_id"), body.get("client_secret")) != right:
        return _json({"error": "invalid_client"}, 400)
    if body.get("grant_type") != "client_credentials":
        return _json({"error": "unsupported_grant_type"}, 400)
    token = f"shpat_{secrets.token_hex(16)}"
    counter.tokens[token] = desk.now + timedelta(hours=24)
    scope = "read_orders" if desk.takes_fault("shopify", "missing_scope") else SCOPES
    return _json({"access_token": token, "scope": scope, "expires_in": 86399})


@router.post("/admin/api/{version}/graphql.json")
def answer(
    version: str,
    body: Annotated[dict[str, Any], Body()],
    desk: Annotated[Desk, Depends(desk_of)],
    counter: Annotated[Counter, Depends(counter_of)],
    x_shopify_access_token: Annotated[str, Header()] = "",
) -> Response:
    """The answer to one GraphQL request, in the version asked for or the oldest supported."""
    ends = counter.tokens.get(x_shopify_access_token)
    if ends is None or ends <= desk.now or desk.takes_fault("shopify", "unauthorized"):
        message = "[API] Invalid API key or access token (unrecognized login or wrong password)"
        return _json({"errors": message}, 401)
    if desk.takes_fault("shopify", "server_error"):
        return _json({"errors": "Internal Server Error"}, 503)
    is_known = version in VERSIONS and not desk.takes_fault("shopify", "wrong_version")
    headers = {"X-Shopify-API-Version": version if is_known else VERSIONS[-1]}
    try:
        document = _read(body.get("query", ""))
    except GraphQLError as error:
        return _json({"errors": [error.formatted]}, 200, headers)
    content = _run(desk, counter, document, body.get("variables") or {})
    text = json.dumps(content)
    is_listing = "orders" in (content.get("data") or {})
    if is_listing and desk.takes_fault("shopify", "truncated"):
        text = text[: len(text) // 2]
    return Response(text, 200, headers, "application/json")


def _run(
    desk: Desk, counter: Counter, document: DocumentNode, variables: dict[str, Any]
) -> dict[str, Any]:
    """Charge the query's cost and execute it."""
    requested = query_cost(document, variables)
    counter.refill()
    if requested > SINGLE_QUERY_POINTS:
        text = f"Query cost is {requested}, which exceeds the single query max cost limit"
        return _refusal(text, "MAX_COST_EXCEEDED", counter, requested)
    if desk.takes_fault("shopify", "throttle"):
        counter.points = min(counter.points, max(requested - 2, 0))
    if requested > counter.points:
        return _refusal("Throttled", "THROTTLED", counter, requested)
    result = execute(SCHEMA, document, _root(desk), variable_values=variables)
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = [error.formatted for error in result.errors]
    listing = (result.data or {}).get("orders")
    actual = requested
    if listing:
        actual = query_cost(document, variables | {"first": max(len(listing["nodes"]), 1)})
        _spoil(desk, listing, variables)
        if desk.takes_fault("shopify", "access_denied"):
            content["errors"] = [
                {
                    "message": "Access denied for customer field. Required access: `read_customers`"
                    " access scope.",
                    "path": ["orders", "nodes", 0, "customer"],
                    "extensions": {"code": "ACCESS_DENIED"},
                }
            ]
    if "disputes" in (result.data or {}) and desk.takes_fault("shopify", "access_denied"):
        content["errors"] = [
            {
                "message": "Access denied for disputes field. Required access:"
                " `read_shopify_payments_disputes` access scope.",
                "path": ["disputes"],
                "extensions": {"code": "ACCESS_DENIED"},
            }
        ]
    counter.points -= actual
    return content | {"extensions": {"cost": _report(counter, requested, actual)}}


def _root(desk: Desk) -> dict[str, Any]:
    def orders(info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
        first = given.get("first")
        if not first or not 1 <= first <= shopify_orders.LARGEST_PAGE:
            raise GraphQLError("you must provide `first` of at most 250")
        return shopify_orders.listed(
            desk,
            fields=_selected(info.field_nodes, info.fragments),
            first=first,
            after=given.get("after"),
            sort_key=given.get("sortKey") or "ID",
            query=given.get("query") or "",
        )

    def count(_: Any, **given: Any) -> dict[str, Any]:
        return shopify_orders.counted(
            desk, query=given.get("query") or "", limit=given.get("limit")
        )

    def order(info: GraphQLResolveInfo, **given: Any) -> dict[str, Any] | None:
        fields = _selected(info.field_nodes, info.fragments)
        return shopify_orders.one(desk, fields=fields, id=given["id"])

    def disputes(_: Any, **given: Any) -> dict[str, Any]:
        return shopify_orders.disputed(
            desk, first=given.get("first") or 10, after=given.get("after")
        )

    return {
        "shop": SHOP, "orders": orders, "order": order, "ordersCount": count, "disputes": disputes
    }  # fmt: skip


def _selected(nodes: Iterable[Any], fragments: dict[str, Any]) -> set[str]:
    """Every field name anywhere below the nodes; more than is needed does no harm."""
    names = set()
    for node in nodes:
        if isinstance(node, FragmentSpreadNode):
            node = fragments[node.name.value]
        elif isinstance(node, FieldNode):
            names.add(node.name.value)
        if node.selection_set:
            names |= _selected(node.selection_set.selections, fragments)
    return names


def _spoil(desk: Desk, listing: dict[str, Any], variables: dict[str, Any]) -> None:
    """The faults a page of orders can have, where one is ordered."""
    nodes, page = listing["nodes"], listing["pageInfo"]
    if nodes and desk.takes_fault("shopify", "empty_day"):
        nodes.clear()
        page["hasNextPage"] = False
    if page["hasNextPage"] and desk.takes_fault("shopify", "missing_last_page"):
        page["hasNextPage"] = False
    if variables.get("after") and desk.takes_fault("shopify", "duplicate_page"):
        page |= {"hasNextPage": True, "endCursor": variables["after"]}
    if nodes and desk.takes_fault("shopify", "missing_column"):
        nodes[0].pop("subtotalPriceSet", None)
        nodes[0].pop("transactions", None)
    if nodes and desk.takes_fault("shopify", "retyped_column"):
        nodes[0]["updatedAt"] = 1789430400


@lru_cache(maxsize=64)
def _read(query: str) -> DocumentNode:
    document = parse(query)
    problems = validate(SCHEMA, document)
    if problems:
        raise problems[0]
    return document


def _report(counter: Counter, requested: int, actual: int | None) -> dict[str, Any]:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": BUCKET_POINTS,
            "currentlyAvailable": int(counter.points),
            "restoreRate": RESTORED_A_SECOND,
        },
    }


def _refusal(message: str, code: str, counter: Counter, requested: int) -> dict[str, Any]:
    """Refused before execution: HTTP 200, no data, and a report of the points."""
    return {
        "errors": [{"message": message, "extensions": {"code": code}}],
        "extensions": {"cost": _report(counter, requested, None)},
    }


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content), status, headers, "application/json")
