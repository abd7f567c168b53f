"""Voids that take back money.

A void takes back an authorisation, which is a promise. What it takes beyond those that are open is
of a payment: a sale may be voided after it was captured, until the bank settles it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from trueup.sources.amounts import lenient_amount

_PROMISED = ("AUTHORIZATION", "EMV_AUTHORIZATION")


def of_payments(transactions: list[Any]) -> dict[str, str]:
    """What each void of an order's transactions takes back of its payments, by the void's id."""
    found: dict[str, str] = {}
    open_amount = paid_amount = Decimal(0)
    listed = [one for one in transactions if isinstance(one, dict)]
    for one in sorted(listed, key=lambda one: str(one.get("processedAt") or one.get("createdAt"))):
        amount = _amount(one)
        if one.get("status") != "SUCCESS" or amount is None:
            continue
        if one.get("kind") in _PROMISED:
            open_amount += amount
        elif one.get("kind") == "CAPTURE":
            open_amount = max(open_amount - amount, Decimal(0))
            paid_amount += amount
        elif one.get("kind") == "SALE":
            paid_amount += amount
        elif one.get("kind") == "REFUND":
            paid_amount -= amount
        elif one.get("kind") == "VOID":
            beyond = min(amount - open_amount, paid_amount)
            open_amount = max(open_amount - amount, Decimal(0))
            if beyond > 0:
                found[str(one.get("id"))] = str(beyond)
                paid_amount -= beyond
    return found


def _amount(one: dict[str, Any]) -> Decimal | None:
    bag = one.get("amountSet")
    money = bag.get("shopMoney") if isinstance(bag, dict) else None
    return lenient_amount(money.get("amount")) if isinstance(money, dict) else None
