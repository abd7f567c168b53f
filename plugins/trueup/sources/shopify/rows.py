"""Shopify's nested answers as flat rows.

A path whose key is absent leaves its column out of the row, which landing reports as a missing
column; a null on the way is a null value.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from trueup.sources import moments, strict_json
from trueup.sources.amounts import lenient_amount
from trueup.sources.contract import Page, SetAside
from trueup.sources.shopify import parts, visits, voids
from trueup.sources.shopify.parts import OddRecord
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
#: By how much cash was rounded, which is stated apart from the amounts.
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


def orders(nodes: list[dict[str, Any]], window: Window, shop_currency: str) -> list[Page]:
    """One row per order, and the orders that cannot be read."""
    rows: list[dict[str, Any]] = []
    odd: list[Page] = []
    for node in nodes:
        row = _flat(node, ORDER) | _ids(node, {"order_id": "id"}) | _changed(node, window)
        row["shop_currency_code"] = shop_currency
        if row.get("processed_at"):
            row |= _processed(node)
        try:
            rows.append(
                row | parts.gift_cards(node) | parts.disputes(node) | visits.journey(node, row)
            )
        except OddRecord as problem:
            odd.append(_set_aside(node, row, problem))
    return [rows, *odd]


def _set_aside(node: dict[str, Any], row: dict[str, Any], problem: OddRecord) -> SetAside:
    """An order that is not used, by its id and amount alone: the rest may be about a person."""
    name = f"order {row.get('order_id')}"
    changed_at = row.get("changed_at")
    return SetAside(
        name,
        "; ".join([str(problem), *node.get("unread", ())]),
        name,
        # without its day it would give way to the next load, which may not have the order
        day=changed_at.date() if changed_at else None,
        amount=lenient_amount(row.get("total_amount")),
        currency_code=row.get("currency_code"),
    )


def transactions(nodes: list[dict[str, Any]], window: Window, shop_currency: str) -> list[Page]:
    """One row per payment or refund of each order; and the orders whose money cannot be read, and
    what of it is none."""
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
        taken_back = voids.of_payments(node["transactions"])
        for place, one in enumerate(node["transactions"], 1):
            if not isinstance(one, dict):
                name = f"transaction number {place} of order {of_order['order_id']}"
                unread.append(SetAside(name, f"it is {strict_json.kind(one)}, no object", name))
            elif amount := taken_back.get(str(one.get("id"))):
                rows.append(of_order | _transaction(one) | {"amount": amount})
            elif one.get("kind") not in PROMISES:
                rows.append(of_order | _transaction(one))
    return [rows, *unread]


def _transaction(node: dict[str, Any]) -> dict[str, Any]:
    row = _rounded(node, TRANSACTION, ROUNDING)
    return row | _processed(node) | _ids(node, {"transaction_id": "id"})


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


def disputes(nodes: list[dict[str, Any]], zone: str) -> list[dict[str, Any]]:
    """One row per dispute; what it is about may be nobody's order. When it ended is a day in some
    versions of the vendor's schema and a moment in others: a day begins by the shop's clock."""
    rows = [
        _flat(node, DISPUTE) | _ids(node, {"dispute_id": "id", "order_id": "order.id"})
        for node in nodes
    ]
    return [
        row
        | {
            name: moments.begin(row[name], zone)
            for name in ("initiated_at", "finalized_at")
            if name in row
        }
        for row in rows
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
    listed = ", ".join(sorted(map(str, currencies))) if isinstance(currencies, list) else None
    return _flat(node, paths) | {"presentment_currencies": listed}


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
    """When the money moved, or the order was processed. Some gateways leave it out, and imports
    write the zero of a clock: then when it was recorded."""
    given = [node[name] for name in ("processedAt", "createdAt") if node.get(name)]
    likely = [moment for moment in given if not moments.is_misread_text(moment)]
    return {"processed_at": (likely or given)[0]} if given else {}


def _changed(node: dict[str, Any], window: Window) -> dict[str, Any]:
    """`changed_at`: when the order was updated, moved into the window's UTC days."""
    first, end = window.instants()
    try:
        updated_at = datetime.fromisoformat(node["updatedAt"])
        return {"changed_at": min(max(updated_at, first), end - timedelta(microseconds=1))}
    except (KeyError, TypeError, ValueError):
        return {}
