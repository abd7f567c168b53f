"""The visit before an order, without contact details."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from trueup.sources import contacts

URLS = ("last_landing_page", "last_referrer")
FROM_LANDING_PAGE = (
    "gclid",
    "fbclid",
    "utm_source",
    "utm_medium",
    "utm_campaign",
)


def journey(node: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """What is known of the visit before the order. What Shopify could not read of the order is
    named in `unread`, which lands beside the declared columns."""
    found = {name: row[name] for name in (*URLS, *FROM_LANDING_PAGE) if name in row}
    if "last_landing_page" in row:
        _read_landing_page(found)
    found = {name: _impersonal(value) for name, value in found.items()}
    if "customerJourneySummary" in node:
        found["has_visit"] = _has_visit(node["customerJourneySummary"])
    if "unread" in node:
        found["unread"] = "; ".join(node["unread"])
    return found


def _has_visit(summary: Any) -> bool | None:
    return summary.get("lastVisit") is not None if isinstance(summary, dict) else None


def _read_landing_page(row: dict[str, Any]) -> None:
    # Not urlsplit: it refuses what some browsers send.
    query = str(row["last_landing_page"] or "").partition("?")[2].partition("#")[0]
    found = dict(reversed(parse_qsl(query)))  # of a name that comes twice, the first
    for name in FROM_LANDING_PAGE:
        row[name] = row.get(name) or found.get(name) or None


def _impersonal(value: Any) -> Any:
    """What a visit left behind, without contact details."""
    return contacts.removed(value) if isinstance(value, str) else value
