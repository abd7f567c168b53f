"""The lines of an order that has more of them than a listing shows."""

from __future__ import annotations

from typing import Any

from trueup.errors import BrokenContract
from trueup.sources.shopify import queries
from trueup.sources.shopify.client import Admin

#: Pages of 250 lines: an order holds at most 500, and what has more pages does not end.
MOST_PAGES = 10


def completed(admin: Admin, node: dict[str, Any]) -> dict[str, Any]:
    """The order with all its lines."""
    lines = node.get("lineItems")
    if not isinstance(lines, dict):
        return node
    nodes, page = list(lines.get("nodes") or []), lines.get("pageInfo") or {}
    for _ in range(MOST_PAGES):
        if not page.get("hasNextPage"):
            return node | {"lineItems": {"nodes": nodes}}
        answer = admin.ask(queries.ORDER_LINES, id=node["id"], after=page["endCursor"])
        more = (answer.get("order") or {}).get("lineItems") or {}
        nodes += more.get("nodes") or []
        page = more.get("pageInfo") or {}
    raise BrokenContract(
        "the vendor's listing of an order's lines comes to no end",
        **admin.place,
        got=f"{len(nodes)} lines of order {node['id']}",
        next_step="compare the query with the vendor's schema and changelog",
    )
