"""Shopify's nested answers as flat rows.

A path whose key is absent leaves its column out of the row, which landing reports as a missing
column; a null on the way is a null value.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from trueup.sources import contacts
from trueup.sources.contract import Page, SetAside
from trueup.window import Window

ORDER = {
    "order_name": "name",
    "processed_at": "processedAt",
    "cancelled_at": "cancelledAt",
    "is_test": "test",
    "financial_status": "displayFinancialStatus",
    "currency_code": "totalPriceSet.shopMoney.currencyCode",
    "taxes_included": "taxesIncluded",
    "duties_included": "dutiesIncluded",
    "subtotal_amount": "subtotalPriceSet.shopMoney.amount",
    "discount_amount": "totalDiscountsSet.shopMoney.amount",
    "shipping_amount": "totalShippingPriceSet.shopMoney.amount",
    "tax_amount": "totalTaxSet.shopMoney.amount",
    "tip_amount": "totalTipReceivedSet.shopMoney.amount",
    "duties_amount": "originalTotalDutiesSet.shopMoney.amount",
    "fees_amount": "originalTotalAdditionalFeesSet.shopMoney.amount",
    "total_amount": "totalPriceSet.shopMoney.amount",
    "refunded_amount": "totalRefundedSet.shopMoney.amount",
    "email": "email",
    "last_landing_page": "customerJourneySummary.lastVisit.landingPage",
    "last_referrer": "customerJourneySummary.lastVisit.referrerUrl",
    "utm_source": "customerJourneySummary.lastVisit.utmParameters.source",
    "utm_medium": "customerJourneySummary.lastVisit.utmParameters.medium",
    "utm_campaign": "customerJourneySummary.lastVisit.utmParameters.campaign",
}
REFUND = {
    "processed_at": "processedAt",
    "currency_code": "totalRefundedSet.shopMoney.currencyCode",
    "amount": "totalRefundedSet.shopMoney.amount",
}
REFUNDED_ORDER = {
    "order_total_amount": "totalPriceSet.shopMoney.amount",
    "order_refunded_amount": "totalRefundedSet.shopMoney.amount",
}
URLS = ("last_landing_page", "last_referrer")
FROM_LANDING_PAGE = (
    "gclid",
    "fbclid",
    "utm_source",
    "utm_medium",
    "utm_campaign",
)


def orders(nodes: list[dict[str, Any]], window: Window, shop_currency: str) -> list[Page]:
    """One row per order. What Shopify could not read of one is named in `unread`, which lands
    beside the declared columns."""
    rows = []
    for node in nodes:
        row = _flat(node, ORDER) | _ids(node, {"order_id": "id"}) | _changed(node, window)
        row["shop_currency_code"] = shop_currency
        if "last_landing_page" in row:
            _read_landing_page(row)
        texts = [name for name in (*URLS, *FROM_LANDING_PAGE) if name in row]
        row |= {name: _impersonal(row[name]) for name in texts}
        if "unread" in node:
            row["unread"] = "; ".join(node["unread"])
        rows.append(row)
    return [rows]


def refunds(nodes: list[dict[str, Any]], window: Window, shop_currency: str) -> list[Page]:
    """One row per refund of each order, and the orders whose refunds cannot be read."""
    rows: list[dict[str, Any]] = []
    unread: list[Page] = []
    for node in nodes:
        of_order = _flat(node, REFUNDED_ORDER) | _ids(node, {"order_id": "id"})
        of_order |= _changed(node, window) | {"shop_currency_code": shop_currency}
        if not isinstance(node.get("refunds"), list):
            name = f"refunds of order {of_order['order_id']}"
            reason = "; ".join(node.get("unread", ["no list of refunds"]))
            unread.append(SetAside(name, reason, name))
            continue
        rows += [
            of_order | _flat(refund, REFUND) | _ids(refund, {"refund_id": "id"})
            for refund in node["refunds"]
        ]
    return [rows, *unread]


def shop(node: dict[str, Any]) -> dict[str, Any]:
    """The row of the `shop` stream."""
    paths = {
        "myshopify_domain": "myshopifyDomain",
        "currency_code": "currencyCode",
        "time_zone": "ianaTimezone",
    }
    return _flat(node, paths)


def _flat(node: Any, paths: dict[str, str]) -> dict[str, Any]:
    row = {}
    for column, path in paths.items():
        try:
            row[column] = _at(node, path)
        except (KeyError, TypeError):
            continue
    return row


def _at(node: Any, path: str) -> Any:
    for part in path.split("."):
        if node is None:
            return None
        if part == "0":
            node = node[0] if node else None
        else:
            node = node[part]
    return node


def _ids(node: Any, paths: dict[str, str]) -> dict[str, Any]:
    """Global ids by their last part: gid://shopify/Order/123 is 123."""
    found = _flat(node, paths)
    return {
        column: value.rpartition("/")[2] if isinstance(value, str) else value
        for column, value in found.items()
    }


def _changed(node: dict[str, Any], window: Window) -> dict[str, Any]:
    """`changed_at`: when the order was updated, moved into the window's UTC days."""
    first, end = window.instants()
    try:
        updated_at = datetime.fromisoformat(node["updatedAt"])
        return {"changed_at": min(max(updated_at, first), end - timedelta(microseconds=1))}
    except (KeyError, TypeError, ValueError):
        return {}


def _read_landing_page(row: dict[str, Any]) -> None:
    # Not urlsplit: it refuses what some browsers send.
    query = str(row["last_landing_page"] or "").partition("?")[2].partition("#")[0]
    found = dict(parse_qsl(query))
    for name in FROM_LANDING_PAGE:
        row[name] = row.get(name) or found.get(name) or None


def _impersonal(value: Any) -> Any:
    """What a visit left behind, without contact details."""
    return contacts.removed(value) if isinstance(value, str) else value
