"""Shopify's nested answers as flat rows.

A path whose key is absent leaves its column out of the row, which landing reports as a missing
column; a null on the way is a null value.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from trueup.sources import contacts
from trueup.sources.contract import Page, SetAside
from trueup.window import Window

ORDER = {
    "order_name": "name",
    "processed_at": "processedAt",
    "created_at": "createdAt",
    "cancelled_at": "cancelledAt",
    "is_test": "test",
    "financial_status": "displayFinancialStatus",
    "source_name": "sourceName",
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
    "original_total_amount": "originalTotalPriceSet.shopMoney.amount",
    "total_amount": "totalPriceSet.shopMoney.amount",
    "current_total_amount": "currentTotalPriceSet.shopMoney.amount",
    "received_amount": "totalReceivedSet.shopMoney.amount",
    "refunded_amount": "totalRefundedSet.shopMoney.amount",
    "email": "email",
    "last_landing_page": "customerJourneySummary.lastVisit.landingPage",
    "last_referrer": "customerJourneySummary.lastVisit.referrerUrl",
    "utm_source": "customerJourneySummary.lastVisit.utmParameters.source",
    "utm_medium": "customerJourneySummary.lastVisit.utmParameters.medium",
    "utm_campaign": "customerJourneySummary.lastVisit.utmParameters.campaign",
}
TRANSACTION = {
    "kind": "kind",
    "status": "status",
    "gateway": "gateway",
    "is_test": "test",
    "created_at": "createdAt",
    "currency_code": "amountSet.shopMoney.currencyCode",
    "amount": "amountSet.shopMoney.amount",
}
ORDER_OF_TRANSACTION = {
    "order_received_amount": "totalReceivedSet.shopMoney.amount",
    "order_refunded_amount": "totalRefundedSet.shopMoney.amount",
}
#: By how much cash was rounded, which is told apart from the amounts.
ROUNDING = {"amount": "amountRoundingSet.shopMoney.amount"}
ROUNDING_OF_ORDER = {
    "order_received_amount": "totalCashRoundingAdjustment.paymentSet.shopMoney.amount",
    "order_refunded_amount": "totalCashRoundingAdjustment.refundSet.shopMoney.amount",
}
#: Kinds that are promises: nothing comes in before they are captured, nothing goes out of them.
PROMISES = ("AUTHORIZATION", "EMV_AUTHORIZATION", "VOID", "SUGGESTED_REFUND")
DISPUTE = {
    "type": "type",
    "status": "status",
    "initiated_at": "initiatedAt",
    "finalized_at": "finalizedOn",
    "currency_code": "amount.currencyCode",
    "amount": "amount.amount",
}
UNIT_PRICE = "discountedUnitPriceAfterAllDiscountsSet.shopMoney.amount"
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
        row |= _gift_cards(node) | _disputes(node)
        if "customerJourneySummary" in node:
            row["has_visit"] = _has_visit(node["customerJourneySummary"])
        if "last_landing_page" in row:
            _read_landing_page(row)
        texts = [name for name in (*URLS, *FROM_LANDING_PAGE) if name in row]
        row |= {name: _impersonal(row[name]) for name in texts}
        if "unread" in node:
            row["unread"] = "; ".join(node["unread"])
        rows.append(row)
    return [rows]


def transactions(nodes: list[dict[str, Any]], window: Window, shop_currency: str) -> list[Page]:
    """One row per payment or refund of each order, and the orders whose money cannot be read."""
    rows: list[dict[str, Any]] = []
    unread: list[Page] = []
    for node in nodes:
        of_order = _rounded(node, ORDER_OF_TRANSACTION, ROUNDING_OF_ORDER)
        of_order |= _ids(node, {"order_id": "id"})
        of_order |= _changed(node, window) | {"shop_currency_code": shop_currency}
        if not isinstance(node.get("transactions"), list):
            name = f"transactions of order {of_order['order_id']}"
            reason = "; ".join(node.get("unread", ["no list of transactions"]))
            unread.append(SetAside(name, reason, name))
            continue
        rows += [
            of_order
            | _rounded(one, TRANSACTION, ROUNDING)
            | _processed(one)
            | _ids(one, {"transaction_id": "id"})
            for one in node["transactions"]
            if not isinstance(one, dict) or one.get("kind") not in PROMISES
        ]
    return [rows, *unread]


def order_days(nodes: list[dict[str, Any]], window: Window, zone: str) -> list[Page]:
    """One row per day of the window, with the ids of the orders made on it."""
    ids: dict[date, list[str]] = {day: [] for day in window.days()}
    for node in nodes:
        made_at = datetime.fromisoformat(node["createdAt"])
        ids[made_at.astimezone(ZoneInfo(zone)).date()].append(node["id"].rpartition("/")[2])
    return [
        [
            {"created_date": day, "order_count": len(found), "order_ids": ";".join(sorted(found))}
            for day, found in ids.items()
        ]
    ]


def disputes(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per dispute; what it is about may be nobody's order."""
    return [
        _flat(node, DISPUTE) | _ids(node, {"dispute_id": "id", "order_id": "order.id"})
        for node in nodes
    ]


def shop(node: dict[str, Any]) -> dict[str, Any]:
    """The row of the `shop` stream."""
    paths = {
        "myshopify_domain": "myshopifyDomain",
        "currency_code": "currencyCode",
        "time_zone": "ianaTimezone",
        "taxes_included": "taxesIncluded",
        "tax_shipping": "taxShipping",
    }
    currencies = node.get("enabledPresentmentCurrencies")
    told = ", ".join(sorted(map(str, currencies))) if isinstance(currencies, list) else None
    return _flat(node, paths) | {"presentment_currencies": told}


def _flat(node: Any, paths: dict[str, str]) -> dict[str, Any]:
    row = {}
    for column, path in paths.items():
        try:
            row[column] = _at(node, path)
        except (KeyError, TypeError):
            continue
    return row


def _rounded(node: Any, paths: dict[str, str], rounding: dict[str, str]) -> dict[str, Any]:
    """The row of `paths`, with what cash was rounded by. What is no number stays as it came."""
    row = _flat(node, paths)
    for column, by in _flat(node, rounding).items():
        try:
            if by is not None and Decimal(by):
                row[column] = Decimal(row[column]) + Decimal(by)
        except (ArithmeticError, KeyError, TypeError, ValueError):
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


def _processed(node: dict[str, Any]) -> dict[str, Any]:
    """When the money moved: some gateways leave it out, then when it was recorded."""
    moments = [node[name] for name in ("processedAt", "createdAt") if node.get(name)]
    return {"processed_at": moments[0]} if moments else {}


def _gift_cards(node: dict[str, Any]) -> dict[str, Any]:
    """What the gift cards among the order's lines cost, as ordered and as they stand; null where
    that cannot be read."""
    if "lineItems" not in node:
        return {}
    as_ordered = as_it_stands = Decimal(0)
    try:
        for line in node["lineItems"]["nodes"]:
            if line["isGiftCard"]:
                price = Decimal(_at(line, UNIT_PRICE))
                as_ordered += price * line["quantity"]
                as_it_stands += price * line["currentQuantity"]
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return {"gift_card_amount": None, "gift_card_current_amount": None}
    return {"gift_card_amount": as_ordered, "gift_card_current_amount": as_it_stands}


def _disputes(node: dict[str, Any]) -> dict[str, Any]:
    if "disputes" not in node:
        return {}
    found = node["disputes"] or []
    return {"disputes": "; ".join(sorted(f"{one['initiatedAs']} {one['status']}" for one in found))}


def _has_visit(summary: Any) -> bool | None:
    return summary.get("lastVisit") is not None if isinstance(summary, dict) else None


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
    found = dict(reversed(parse_qsl(query)))  # of a name that comes twice, the first
    for name in FROM_LANDING_PAGE:
        row[name] = row.get(name) or found.get(name) or None


def _impersonal(value: Any) -> Any:
    """What a visit left behind, without contact details."""
    return contacts.removed(value) if isinstance(value, str) else value
