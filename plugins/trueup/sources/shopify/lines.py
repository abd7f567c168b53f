"""The lines of an order that has more of them than a listing shows."""

from __future__ import annotations

from typing import Any

from trueup.errors import BrokenContract
from trueup.sources.shopify import connections, queries
from trueup.sources.shopify.client import Admin

#: Pages of 250 lines: an order holds at most 500, and what has more pages does not end.
MOST_PAGES = 10


def completed(admin: Admin, node: dict[str, Any]) -> dict[str, Any]:
    """The order with all its lines; with none at all where some of them are not shown: what is
    not known is not to look like a short list."""
    if "lineItems" not in node:
        return node
    nodes: list[Any] = []
    lines = node["lineItems"]
    for _ in range(MOST_PAGES):
        if not isinstance(lines, dict) or not isinstance(lines.get("nodes"), list):
            return node | {"lineItems": None}
        nodes += lines["nodes"]
        after = connections.following(admin, "lineItems", lines)
        if after is None:
            return node | {"lineItems": {"nodes": nodes}}
        order = admin.ask(queries.ORDER_LINES, id=node["id"], after=after).get("order")
        lines = order.get("lineItems") if isinstance(order, dict) else None
    raise BrokenContract(
        "the vendor's listing of an order's lines comes to no end",
        **admin.place,
        got=f"{len(nodes)} lines of order {node['id']}",
        next_step="compare the query with the vendor's schema and changelog",
    )
