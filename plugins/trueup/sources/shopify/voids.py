"""Voids that take back money.

A void takes back an authorisation, which is a promise, or a payment after it was captured, until
the bank settles it. Of an authorisation that it names, and that was captured in part or not at all,
it is the rest, whatever amount it states. One that names none takes of payments what it states
beyond the authorisations that are open.
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
    open_of: dict[str, Decimal] = {}
    listed = [one for one in transactions if isinstance(one, dict)]
    for one in sorted(listed, key=lambda one: str(one.get("processedAt") or one.get("createdAt"))):
        amount, parent = _amount(one), _parent(one)
        if one.get("status") != "SUCCESS" or amount is None:
            continue
        if one.get("kind") in _PROMISED:
            open_amount += amount
            open_of[str(one.get("id"))] = amount
        elif one.get("kind") == "CAPTURE":
            open_amount = max(open_amount - amount, Decimal(0))
            open_of[parent] = open_of.get(parent, Decimal(0)) - amount
            paid_amount += amount
        elif one.get("kind") == "SALE":
            paid_amount += amount
        elif one.get("kind") == "REFUND":
            paid_amount -= amount
        elif one.get("kind") == "VOID":
            rest = open_of.pop(parent, Decimal(0))
            beyond = Decimal(0) if rest > 0 else min(amount - open_amount, paid_amount)
            open_amount = max(open_amount - (rest if rest > 0 else amount), Decimal(0))
            if beyond > 0:
                found[str(one.get("id"))] = str(beyond)
                paid_amount -= beyond
    return found


def _parent(one: dict[str, Any]) -> str:
    """The id of the transaction that this one is of; of what names none an empty text."""
    parent = one.get("parentTransaction")
    return str(parent.get("id")) if isinstance(parent, dict) else ""


def _amount(one: dict[str, Any]) -> Decimal | None:
    bag = one.get("amountSet")
    money = bag.get("shopMoney") if isinstance(bag, dict) else None
    return lenient_amount(money.get("amount")) if isinstance(money, dict) else None
