"""What the lists inside an order come to: gift cards among its lines, its disputes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

#: What a line costs apiece, after all discounts.
UNIT_PRICE = "discountedUnitPriceAfterAllDiscountsSet"


class OddRecord(ValueError):
    """Something about one order that cannot be read; the others can."""


def gift_cards(node: dict[str, Any]) -> dict[str, Any]:
    """What the gift cards among the order's lines cost, as ordered and as they stand. An order
    without an answer to that is not used: a card whose price is not known would be revenue."""
    if "lineItems" not in node:
        return {}
    as_ordered = as_it_stands = Decimal(0)
    try:
        for line in node["lineItems"]["nodes"]:
            if _is_gift_card(line):
                price = Decimal(line[UNIT_PRICE]["shopMoney"]["amount"])
                as_ordered += price * line["quantity"]
                as_it_stands += price * line["currentQuantity"]
    except (ArithmeticError, KeyError, TypeError, ValueError):
        raise OddRecord("what its gift cards cost cannot be read off its lines") from None
    return {"gift_card_amount": as_ordered, "gift_card_current_amount": as_it_stands}


def _is_gift_card(line: dict[str, Any]) -> bool:
    if not isinstance(line["isGiftCard"], bool):
        raise TypeError("neither true nor false")
    return line["isGiftCard"]


def disputes(node: dict[str, Any]) -> dict[str, Any]:
    """What kind of disputes the order has, and how they stand."""
    if "disputes" not in node:
        return {}
    found = node["disputes"]
    if not isinstance(found, list) or not all(_is_dispute(one) for one in found):
        raise OddRecord("its disputes are no list of kinds and states")
    return {"disputes": "; ".join(sorted(f"{one['initiatedAs']} {one['status']}" for one in found))}


def _is_dispute(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(name), str) for name in ("initiatedAs", "status")
    )
