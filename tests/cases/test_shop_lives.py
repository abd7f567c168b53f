"""One order is edited, paid, refunded, disputed and cancelled, and the ledger follows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cases.shop import Shop, order, paid
from cases.shop_company import company_at, ledger_alone


def test_the_ledger_follows_one_order_through_ten_lives(tmp_path: Any):
    small, shop = company_at(tmp_path), Shop()
    lives = list(ten_lives(shop))
    assert len(lives) == 10
    found = []
    with ledger_alone():
        for day, what, put, _, _ in lives:
            put()
            with shop.open():
                assert small.land("shopify", day).code == 0, what
            assert small.build(day).code == 0, what
            sql = (
                "select coalesce(sum(amount), 0),"
                " (select status from intermediate.int_conversions__recorded)"
                " from intermediate.int_ledger_entries__unioned"
            )
            ((net, status),) = small.query(sql, small.build_file)
            found.append((what, net, status))
    assert found == [(what, net, status) for _, what, _, net, status in lives]


def ten_lives(shop: Shop) -> Iterator[tuple[str, str, Any, int, str]]:
    """The day, what happened on it, how the shop shows it then, and the ledger after it."""
    moves: list[dict[str, Any]] = []

    def life(
        day: int, what: str, net: int, state: str, status: str, total: int, *more: Any, **node: Any
    ) -> tuple[str, str, Any, int, str]:
        at = f"2026-09-{day:02}T10:00:00Z"
        moves.extend(paid(day * 10 + n, at, *move) for n, move in enumerate(more))
        kept = list(moves)
        changes = {"createdAt": "2026-09-01T10:00:00Z", "updatedAt": at, **node}

        def put() -> None:
            shop.put(order(1, "2026-09-01T10:00:00Z", 100, state, *kept, current=total) | changes)
            if day >= 14:
                won = {"finalizedOn": at} if day == 16 else {}
                shop.dispute(5, 1, 40, "WON" if won else "LOST",
                             initiatedAt="2026-09-14T10:00:00Z", **won)  # fmt: skip

        return f"2026-09-{day:02}", what, put, net, status

    yield life(1, "ordered on invoice", 0, "PENDING", "pending", 100)
    yield life(2, "a line of 40 taken out", 0, "PENDING", "pending", 60)
    yield life(4, "half of it paid", 30, "PARTIALLY_PAID", "pending", 60, (30,))
    yield life(5, "a card declined", 30, "PARTIALLY_PAID", "pending", 60, (30, "SALE", "FAILURE"))
    yield life(6, "paid in full, with a gift card", 60, "PAID", "won", 60,
               (30, "SALE", "SUCCESS", "gift_card"))  # fmt: skip
    yield life(8, "exchanged for 80", 80, "PAID", "won", 80, (20,))
    yield life(10, "a refund failed", 80, "PAID", "won", 80, (25, "REFUND", "FAILURE"))
    yield life(12, "a refund came through", 55, "PARTIALLY_REFUNDED", "won", 55, (25, "REFUND"))
    yield life(14, "charged back", 15, "PARTIALLY_REFUNDED", "won", 55)
    yield life(16, "won, then cancelled with a fee of 15", 15, "PARTIALLY_REFUNDED", "cancelled", 0,
               (40, "REFUND"), cancelledAt="2026-09-16T10:00:00Z")  # fmt: skip
