"""Shopify: a part of an order that is not shaped as declared costs that order; an answer that is
not is one clear error."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.shopify_shop import WINDOW, access_to, land, open_small_shop
from sandbox.desk import Asked
from trueup.errors import BrokenContract
from trueup.landing.store import Landing
from trueup.sources.contract import Access, ControlTotal, SetAside
from trueup.sources.shopify import SOURCE, lines, voids
from trueup.sources.shopify.client import Admin
from trueup.sources.shopify.rows import orders as order_rows

UNIT_PRICE_SET = "discountedUnitPriceAfterAllDiscountsSet"
CARD = {
    "isGiftCard": True, "quantity": 1, "currentQuantity": 1,
    UNIT_PRICE_SET: {"shopMoney": {"amount": "25.00"}},
}  # fmt: skip
LAST = {"hasNextPage": False, "endCursor": None}


@pytest.fixture
def small_shop(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    open_small_shop(sandbox.desk, monkeypatch)
    return sandbox


@pytest.fixture
def access(small_shop: Any, tmp_path: Path) -> Access:
    return access_to(small_shop.url, tmp_path)


def extracted(access: Access, stream: str) -> tuple[list[Any], list[SetAside], dict[str, Any]]:
    """Rows, what is set aside, and what the vendor states."""
    pages = list(SOURCE.extract(access, SOURCE.stream(stream), WINDOW))
    rows = [row for page in pages if isinstance(page, list) for row in page]
    odd = [page for page in pages if isinstance(page, SetAside)]
    return rows, odd, {p.name: p.value for p in pages if isinstance(p, ControlTotal)}


def spoil_order(desk: Any, id: str, name: str, value: Any) -> None:
    """Whenever the order `id` is listed, its field `name` is `value`."""

    def spoil(asked: Asked, answer: Any) -> Any:
        data = answer.get("data") if isinstance(answer, dict) else None
        nodes = ((data or {}).get("orders") or {}).get("nodes") or []
        at = [node for node in nodes if node["id"].endswith(f"/{id}") and name in node]
        for node in at:
            node[name] = value
        return answer if at else None

    desk.spoil("shopify", spoil, times=999)


def check_order_is_lost(access: Access, calm: list[Any], says: str) -> None:
    rows, [aside], stated = extracted(access, "orders")
    assert rows == [row for row in calm if row["order_id"] != "3"]
    assert aside.position == aside.content == "order 3" and says in aside.reason
    assert aside.is_lost and aside.currency_code == "EUR" and aside.amount == Decimal("94.5")
    assert stated == {"rows": len(calm)}


@pytest.mark.parametrize(
    "shown",
    [
        {"nodes": [CARD | {UNIT_PRICE_SET: None}], "pageInfo": LAST},
        {"nodes": [CARD | {UNIT_PRICE_SET: {"shopMoney": None}}], "pageInfo": LAST},
        {"nodes": [CARD | {UNIT_PRICE_SET: {"shopMoney": {"amount": "1,00"}}}], "pageInfo": LAST},
        {"nodes": [CARD | {"quantity": None}], "pageInfo": LAST},
        {"nodes": [CARD | {"isGiftCard": None}], "pageInfo": LAST},
        {"nodes": [CARD, None], "pageInfo": LAST},
        {"nodes": [CARD, "a text"], "pageInfo": LAST},
        {"nodes": None, "pageInfo": LAST},
        {"pageInfo": LAST},
        None,
        [],
    ],
)
def test_an_order_whose_gift_cards_cannot_be_read_is_set_aside(
    small_shop: Any, access: Access, shown: Any
) -> None:
    calm, *_ = extracted(access, "orders")
    spoil_order(small_shop.desk, "3", "lineItems", shown)
    check_order_is_lost(access, calm, "gift cards")


def test_the_price_of_what_is_no_gift_card_is_not_asked_about() -> None:
    goods = {"isGiftCard": False, "quantity": 1, "currentQuantity": 1, UNIT_PRICE_SET: None}
    node = {"id": "gid://shopify/Order/1", "lineItems": {"nodes": [goods, CARD]}}
    ((row,),) = order_rows([node], WINDOW, "EUR")
    assert (row["gift_card_amount"], row["gift_card_current_amount"]) == (25, 25)


@pytest.mark.parametrize(
    "disputes",
    [[None], ["LOST"], [{"initiatedAs": "INQUIRY"}], [{"status": "LOST"}], "LOST", None],
)
def test_an_order_whose_disputes_cannot_be_read_is_set_aside(
    small_shop: Any, access: Access, disputes: Any
) -> None:
    calm, *_ = extracted(access, "orders")
    spoil_order(small_shop.desk, "3", "disputes", disputes)
    check_order_is_lost(access, calm, "disputes")


@pytest.mark.parametrize("one", [None, "a text", [], 7])
def test_what_is_no_transaction_costs_that_transaction(
    small_shop: Any, access: Access, one: Any
) -> None:
    calm, *_ = extracted(access, "transactions")

    def spoil(asked: Asked, answer: Any) -> Any:
        nodes = ((answer.get("data") or {}).get("orders") or {}).get("nodes") or []
        for node in nodes:
            if node["id"].endswith("/3") and "transactions" in node:
                node["transactions"].insert(1, one)
                return answer
        return None

    small_shop.desk.spoil("shopify", spoil, times=999)
    rows, [aside], _ = extracted(access, "transactions")
    assert rows == calm and aside.position == "transaction number 2 of order 3"


class Cut(Admin):
    """A shop that answers the further lines of an order with `order`."""

    order: Any = None

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        return {"order": self.order}


FIRST = {"nodes": [CARD], "pageInfo": {"hasNextPage": True, "endCursor": "c0"}}


@pytest.mark.parametrize(
    "order", [None, "a text", {"lineItems": None}, {"lineItems": {"nodes": None, "pageInfo": LAST}}]
)
def test_lines_that_are_not_all_shown_cost_their_order(
    access: Access, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    monkeypatch.setattr(Cut, "order", order)
    admin = Cut(access, SOURCE.stream("orders"), WINDOW)
    node = lines.completed(admin, {"id": "gid://shopify/Order/1", "lineItems": FIRST})
    none, aside = order_rows([node], WINDOW, "EUR")
    assert none == [] and isinstance(aside, SetAside) and aside.position == "order 1"


@pytest.mark.parametrize(
    "info",
    [None, {}, {"hasNextPage": True}, {"hasNextPage": True, "endCursor": None}, "more",
     {"hasNextPage": None, "endCursor": "c"}],
)  # fmt: skip
def test_lines_that_do_not_say_where_they_go_on_are_a_broken_contract(
    small_shop: Any, access: Access, landing: Landing, info: Any
) -> None:
    spoil_order(small_shop.desk, "3", "lineItems", {"nodes": [], "pageInfo": info})
    with pytest.raises(BrokenContract, match="Shopify's lineItems") as raised:
        land(landing, access, "orders")
    assert "stream: orders" in str(raised.value) and "next step: " in str(raised.value)


@pytest.mark.parametrize(
    ("stream", "asking", "name", "value"),
    [
        ("orders", "ordersCount", "ordersCount", None),
        ("orders", "ordersCount", "ordersCount", {"count": None}),
        ("order_days", "ordersCount", "ordersCount", {"count": "seven"}),
        ("transactions", "ordersCount", "ordersCount", 7.5),
        ("orders", "query Shop", "shop", None),
        ("shop", "query Shop", "shop", "harbour-house"),
        ("shop", "query Shop", "shop", {"myshopifyDomain": "harbour-house.myshopify.com"}),
        ("disputes", "Disputes", "disputes", None),
        ("disputes", "Disputes", "disputes", []),
        ("disputes", "Disputes", "disputes", {"nodes": None, "pageInfo": LAST}),
        ("disputes", "Disputes", "disputes", {"nodes": [], "pageInfo": None}),
        ("disputes", "Disputes", "disputes", {"nodes": [], "pageInfo": {"hasNextPage": True}}),
    ],
)
def test_an_answer_that_is_not_as_declared_is_a_broken_contract(
    small_shop: Any, access: Access, landing: Landing,
    stream: str, asking: str, name: str, value: Any,
) -> None:  # fmt: skip
    def spoil(asked: Asked, answer: Any) -> Any:
        return {"data": {name: value}} if asking in asked.params.get("query", "") else None

    small_shop.desk.spoil("shopify", spoil, times=99)
    with pytest.raises(BrokenContract, match=f"Shopify's {name} is not as") as raised:
        land(landing, access, stream)
    message = str(raised.value)
    for part in (f"stream: {stream}", "account: harbour", "expected: ", "got: ", "next step: "):
        assert part in message
    assert landing.loads("shopify", stream) == []


def test_an_order_without_a_day_that_can_be_read_is_a_broken_contract(
    small_shop: Any, access: Access
) -> None:
    spoil_order(small_shop.desk, "3", "id", 3)
    with pytest.raises(BrokenContract, match="list of orders cannot be read"):
        extracted(access, "order_days")


def moved(id: int, kind: str, amount: int, day: int, of: int | None = None) -> dict[str, Any]:
    return {
        "id": str(id), "kind": kind, "status": "SUCCESS", "processedAt": f"2026-09-{day:02}",
        "amountSet": {"shopMoney": {"amount": str(amount)}},
        "parentTransaction": of and {"id": str(of)},
    }  # fmt: skip


PROMISED, HELD = moved(1, "AUTHORIZATION", 100, 1), moved(2, "CAPTURE", 60, 2, of=1)
VOIDS: dict[str, tuple[list[dict[str, Any]], dict[str, int]]] = {
    "the rest of a promise, by the whole of it": (
        [PROMISED, HELD, moved(3, "VOID", 100, 3, of=1)], {}),
    "the rest, by what it is": ([PROMISED, HELD, moved(3, "VOID", 40, 3, of=1)], {}),
    "the rest, after two captures": (
        [PROMISED, HELD, moved(3, "CAPTURE", 30, 2, of=1), moved(4, "VOID", 100, 3, of=1)], {}),
    "a promise that was captured whole": (
        [PROMISED, moved(2, "CAPTURE", 100, 2, of=1), moved(3, "VOID", 100, 3, of=1)], {"3": 100}),
    "the capture itself": (
        [PROMISED, moved(2, "CAPTURE", 100, 2, of=1), moved(3, "VOID", 100, 3, of=2)], {"3": 100}),
    "a sale": ([moved(1, "SALE", 80, 1), moved(2, "VOID", 80, 1, of=1)], {"2": 80}),
    "an older promise, after a newer one was captured": (
        [PROMISED, moved(2, "AUTHORIZATION", 60, 2), moved(3, "CAPTURE", 60, 3, of=2),
         moved(4, "VOID", 100, 4, of=1)], {}),
    "nobody says of what": (
        [PROMISED, moved(2, "CAPTURE", 100, 2), moved(3, "VOID", 30, 3)], {"3": 30}),
}  # fmt: skip


@pytest.mark.parametrize("name", VOIDS)
def test_a_void_takes_back_what_it_is_of(name: str) -> None:
    transactions, taken = VOIDS[name]
    found = voids.of_payments(transactions)
    assert {one: float(amount) for one, amount in found.items()} == taken
