"""A shop held in the test's own hands: orders as the vendor answers them, at the moment asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphql import execute, parse
from pytest import MonkeyPatch

from sandbox.vendors import shopify as page
from sandbox.vendors.shopify_orders import FILTER
from trueup.sources.shopify.client import Admin

DOMAIN = "small.myshopify.com"
#: What the company file says of it.
ENTRY = {
    "base_url": "http://127.0.0.1:9/shopify",
    "accounts": [{"id": DOMAIN, "time_zone": "Europe/Lisbon", "currency": "EUR"}],
    "credentials": {"client_id": "client_id", "client_secret": "client_secret"},
}
SECRETS = {"TRUEUP_SECRET_CLIENT_ID": "id", "TRUEUP_SECRET_CLIENT_SECRET": "secret"}
FIELDS = {"updated_at": "updatedAt", "created_at": "createdAt"}


def bag(amount: float | str, currency: str = "EUR") -> dict[str, Any]:
    money = {"amount": str(amount), "currencyCode": currency}
    return {"shopMoney": money, "presentmentMoney": money}


def paid(
    id: int, at: str, amount: float, kind: str = "SALE", status: str = "SUCCESS",
    gateway: str | None = "shopify_payments", currency: str = "EUR", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """A payment or refund as the vendor lists it with its order."""
    return {
        "id": f"gid://shopify/OrderTransaction/{id}", "kind": kind, "status": status,
        "gateway": gateway, "test": False, "createdAt": at, "processedAt": at,
        "amountSet": bag(amount, currency), "amountRoundingSet": None, **more,
    }  # fmt: skip


def order(
    id: int, at: str, total: float, status: str, *transactions: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """An order of `total`, with what was received and refunded of it read off its transactions."""

    def moved(*kinds: str) -> float:
        return sum(
            float(one["amountSet"]["shopMoney"]["amount"])
            for one in transactions
            if one["kind"] in kinds and one["status"] == "SUCCESS"
        )

    currency = more.pop("currency", "EUR")
    current = more.pop("current", total)
    discount = more.pop("discount", 0)
    moments = [at, *(one["createdAt"] for one in transactions if one["createdAt"])]
    node = {
        "id": f"gid://shopify/Order/{id}", "name": f"#{id}", "createdAt": at, "processedAt": at,
        "updatedAt": max(moments), "cancelledAt": None, "test": False,
        "displayFinancialStatus": status, "sourceName": "web", "currencyCode": currency,
        "presentmentCurrencyCode": currency, "taxesIncluded": True, "dutiesIncluded": False,
        "subtotalPriceSet": bag(total, currency), "totalDiscountsSet": bag(discount, currency),
        "totalShippingPriceSet": bag(0, currency), "totalTaxSet": bag(0, currency),
        "totalTipReceivedSet": bag(0, currency), "originalTotalDutiesSet": None,
        "originalTotalAdditionalFeesSet": None, "totalPriceSet": bag(total, currency),
        "originalTotalPriceSet": bag(total, currency),
        "totalCashRoundingAdjustment": {"paymentSet": bag(0), "refundSet": bag(0)},
        "currentTotalPriceSet": bag(current, currency),
        "totalReceivedSet": bag(moved("SALE", "CAPTURE"), currency),
        "totalRefundedSet": bag(moved("REFUND"), currency), "email": None,
        "customerJourneySummary": None, "disputes": [],
        "lineItems": {"nodes": [], "pageInfo": {"hasNextPage": False}},
        "transactions": list(transactions),
    }  # fmt: skip
    return node | more


def gift_card(price: float | str, quantity: int = 1, current: int = 1) -> dict[str, Any]:
    """The lines of an order of gift cards."""
    line = {
        "isGiftCard": True, "quantity": quantity, "currentQuantity": current,
        "discountedUnitPriceAfterAllDiscountsSet": bag(price),
    }  # fmt: skip
    return {"nodes": [line], "pageInfo": {"hasNextPage": False}}


@dataclass
class Shop:
    """What the vendor would answer now."""

    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    disputes: list[dict[str, Any]] = field(default_factory=list)
    scopes: str = page.SCOPES
    asked: list[str] = field(default_factory=list)

    def put(self, *orders: dict[str, Any]) -> None:
        """Each order as it is from now on."""
        for one in orders:
            self.orders[int(one["id"].rpartition("/")[2])] = one

    def dispute(self, id: int, order_id: int, amount: float, status: str, **more: Any) -> None:
        """A chargeback as it stands, stated on its order too."""
        self.disputes = [one for one in self.disputes if not one["id"].endswith(f"/{id}")]
        whole = {
            "id": f"gid://shopify/ShopifyPaymentsDispute/{id}", "type": "CHARGEBACK",
            "status": status, "finalizedOn": None,
            "amount": {"amount": str(amount), "currencyCode": "EUR"},
            "order": {"id": f"gid://shopify/Order/{order_id}"}, **more,
        }  # fmt: skip
        self.disputes.append(whole)
        summary = {"id": whole["id"], "initiatedAs": whole["type"], "status": status}
        self.orders[order_id]["disputes"] = [summary]

    @contextmanager
    def open(self) -> Iterator[Shop]:
        """In place of the vendor, for as long as the block runs."""
        with MonkeyPatch.context() as patch:
            patch.setattr(Admin, "_post", lambda admin, query, values: self._answer(query, values))
            patch.setattr(Admin, "_ensure_token", lambda admin: self._let_in(admin))
            yield self

    def _let_in(self, admin: Admin) -> bool:
        admin._check_scopes(self.scopes)
        return False

    def _answer(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(query)
        root = {
            "shop": page.SHOP | {"myshopifyDomain": DOMAIN},
            "orders": lambda _, **given: self._page(self._matching(given["query"])),
            "ordersCount": lambda _, **given: {
                "count": len(self._matching(given["query"])), "precision": "EXACT"
            },
            "disputes": lambda _, **given: self._page(self.disputes),
        }  # fmt: skip
        result = execute(page.SCHEMA, parse(query), root, variable_values=variables)
        assert not result.errors, result.errors
        return {"data": result.data}

    def _page(self, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        return {"nodes": nodes, "pageInfo": {"hasNextPage": False, "hasPreviousPage": False}}

    def _matching(self, query: str) -> list[dict[str, Any]]:
        conditions = [match.groups() for match in FILTER.finditer(query)]

        def fits(node: dict[str, Any]) -> bool:
            for column, sign, text in conditions:
                moment = datetime.fromisoformat(node[FIELDS[column]])
                bound = datetime.fromisoformat(text)
                if not {">=": moment >= bound, "<": moment < bound}[sign]:
                    return False
            return True

        return [node for node in self.orders.values() if fits(node)]
