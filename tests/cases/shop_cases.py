"""Orders of every kind, by case, and what the ledger must hold of them."""

from __future__ import annotations

from typing import Any

from cases.shop import Shop, bag, gift_card, order, paid

#: Every further input: what it is, and what the ledger must hold of it, by type and day.
MORE: dict[int, tuple[str, dict[str, Any]]] = {}


def add_cases(shop: Shop) -> None:
    """L1 to L5 of the project's cases, and an order that cannot be used."""
    day = "2026-09-10T10:00:00Z"
    shop.put(
        order(11, day, 100, "PAID", paid(1, "2026-09-12T10:00:00Z", 60), current=60),
        order(21, day, 80, "VOIDED", paid(21, day, 80, "AUTHORIZATION"), paid(22, day, 80, "VOID")),
        order(22, day, 70, "EXPIRED", paid(23, day, 70, "AUTHORIZATION")),
        order(23, day, 60, "PENDING", paid(24, day, 60, status="PENDING", gateway="manual")),
        order(24, day, 10, "PAID", paid(25, day, 10)),
        order(31, day, 50, "PAID", paid(31, day, 50), lineItems=gift_card(50)),
        order(32, "2026-09-15T10:00:00Z", 50, "PAID",
              paid(32, "2026-09-15T10:00:00Z", 50, gateway="gift_card")),
        order(41, "2026-09-26T10:00:00Z", 999, "PAID", paid(41, "2026-09-26T10:00:00Z", 999)),
        order(42, "2026-09-26T10:00:00Z", 10, "PAID", paid(42, "2026-09-26T10:00:00Z", 10)),
        # deleted before anything was paid
        order(43, "2026-09-27T10:00:00Z", 70, "PENDING"),
        # what its gift card cost is not shown, so the order is set aside
        order(61, day, 300, "PAID", paid(61, day, 300), paid(62, day, 50, "REFUND"),
              lineItems=gift_card("not shown")),
        order(51, day, 100, "PAID", paid(51, day, 100),
              paid(52, "2026-09-20T10:00:00Z", 30, "REFUND", "FAILURE")),
    )  # fmt: skip


def add_kinds(shop: Shop) -> None:
    first, later, last = (f"2026-09-{day}T10:00:00Z" for day in ("10", "15", "20"))

    def put(id: int, what: str, node: dict[str, Any], **entries: Any) -> None:
        shop.put(node)
        MORE[id] = (what, {name.replace("__", " "): amount for name, amount in entries.items()})

    put(101, "captured in two parts", order(101, first, 90, "PAID",
        paid(1010, first, 90, "AUTHORIZATION"), paid(1011, later, 40, "CAPTURE"),
        paid(1012, last, 50, "CAPTURE")), sale=90)  # fmt: skip
    put(
        102,
        "partially paid",
        order(102, first, 90, "PARTIALLY_PAID", paid(1021, first, 30)),
        sale=30,
    )
    put(103, "discounted, with a payment of two tenders", order(103, first, 90, "PAID",
        paid(1031, first, 50), paid(1032, first, 40, gateway="gift_card"), discount=10),
        sale=60, discount=-10, credit_spent=40)  # fmt: skip
    put(104, "refunded to store credit", order(104, first, 80, "PARTIALLY_REFUNDED",
        paid(1041, first, 80), paid(1042, later, 30, "REFUND", gateway="shopify_store_credit")),
        sale=80, credit_returned=-30)  # fmt: skip
    put(105, "cancelled, a fee kept", order(105, first, 100, "PARTIALLY_REFUNDED",
        paid(1051, first, 100), paid(1052, later, 85, "REFUND"), cancelledAt=later, current=0),
        sale=100, refund=-85)  # fmt: skip
    put(106, "cancelled and not refunded: the money stayed", order(106, first, 40, "PAID",
        paid(1061, first, 40), cancelledAt=later, current=0), sale=40)  # fmt: skip
    put(107, "an exchange for something dearer", order(107, first, 60, "PAID",
        paid(1071, first, 60), paid(1072, later, 15), current=75), sale=75)  # fmt: skip
    put(108, "an exchange for something cheaper", order(108, first, 60, "PARTIALLY_REFUNDED",
        paid(1081, first, 60), paid(1082, later, 15, "REFUND"), current=45),
        sale=60, refund=-15)  # fmt: skip
    put(109, "returned without money", order(109, first, 60, "PAID", paid(1091, first, 60),
        current=20), sale=60)  # fmt: skip
    put(110, "a gift card sold and given back", order(110, first, 50, "REFUNDED",
        paid(1101, first, 50), paid(1102, later, 50, "REFUND"), lineItems=gift_card(50, 1, 0)),
        sale=50, credit_sold=0, refund=-50)  # fmt: skip
    put(111, "a gift card taken out before it was paid", order(111, first, 80, "PAID",
        paid(1111, later, 30), lineItems=gift_card(50, 1, 0), current=30), sale=30)  # fmt: skip
    put(112, "cash with change", order(112, first, 42, "PAID",
        paid(1121, first, 50, gateway="cash"), paid(1122, first, 8, "CHANGE", gateway="cash"),
        totalReceivedSet=bag(42)),
        sale=50, correction=-8)  # fmt: skip
    put(113, "cash, the change not in the payment", order(113, first, 42, "PAID",
        paid(1131, first, 42, gateway="cash"), paid(1132, first, 8, "CHANGE", gateway="cash")),
        sale=42)  # fmt: skip
    put(114, "yen have no cents", order(114, first, 16000, "PAID",
        paid(1141, first, 16000, currency="JPY"), currency="JPY"), sale=100)  # fmt: skip
    put(115, "imported years later, its payment recorded then", order(115, later, 20, "PAID",
        paid(1151, later, 20), processedAt="2026-09-02T10:00:00Z"), sale=20)  # fmt: skip
    put(116, "imported without payments", order(116, later, 20, "PAID",
        processedAt="2026-09-03T10:00:00Z"), sale=20)  # fmt: skip
    put(117, "imported, given back in full, without payments", order(117, later, 20, "REFUNDED",
        processedAt="2026-09-03T10:00:00Z"))  # fmt: skip
    put(118, "free of charge", order(118, first, 0, "PAID", discount=35,
        subtotalPriceSet=bag(0)),
        sale=35, discount=-35)  # fmt: skip
    put(119, "a card that was declined, then one that was not", order(119, first, 25, "PAID",
        paid(1191, first, 25, status="FAILURE"), paid(1192, first, 25)), sale=25)  # fmt: skip
    put(120, "a refund that is not through", order(120, first, 25, "PAID", paid(1201, first, 25),
        paid(1202, later, 25, "REFUND", "PENDING")), sale=25)  # fmt: skip
    put(121, "a test payment of an order that is none", order(121, first, 25, "PAID",
        paid(1211, first, 25, gateway="bogus", test=True)))  # fmt: skip
    put(122, "a test order", order(122, first, 25, "PAID", paid(1221, first, 25), test=True))
    put(123, "a tip, and tax on top", order(123, first, 100, "PAID", paid(1231, first, 131),
        taxesIncluded=False, totalPriceSet=bag(131), totalTaxSet=bag(23),
        totalTipReceivedSet=bag(8)),
        sale=131)  # fmt: skip
    put(124, "paid in pounds, kept in euros", order(124, first, 100, "PAID", paid(1241, first, 100,
        amountSet=bag(100) | {"presentmentMoney": {"amount": "85.0", "currencyCode": "GBP"}})),
        sale=100)  # fmt: skip
    put(125, "of a time when the shop kept dollars", order(125, first, 110, "PAID",
        paid(1251, first, 110, currency="USD"), currency="USD"), sale=100)  # fmt: skip
    put(126, "a gateway that says no time", order(126, first, 5, "PAID",
        paid(1261, first, 5, processedAt=None)), sale=5)  # fmt: skip
    put(127, "charged back", order(127, first, 66, "PAID", paid(1271, first, 66)),
        sale=66, chargeback=-66)  # fmt: skip
    shop.dispute(7, 127, 66, "NEEDS_RESPONSE", initiatedAt=later)
    put(128, "charged back, and won", order(128, first, 66, "PAID", paid(1281, first, 66)),
        sale=66, chargeback=0)  # fmt: skip
    shop.dispute(8, 128, 66, "WON", initiatedAt=later, finalizedOn=last)
    put(147, "charged back, and won on a day without an hour", order(147, first, 67, "PAID",
        paid(1471, first, 67)), sale=67, chargeback=0)  # fmt: skip
    shop.dispute(12, 147, 67, "WON", initiatedAt=later, finalizedOn="2026-09-20")
    put(148, "paid at the zero of a clock", order(148, first, 78, "PAID",
        paid(1481, first, 78, processedAt="1970-01-01T00:00:00Z")), sale=78)  # fmt: skip
    put(149, "an import that wrote the zero of a clock", order(149, later, 79, "PAID",
        paid(1491, later, 79), processedAt="1970-01-01T00:00:00Z"), sale=79)  # fmt: skip
    put(129, "asked about by a bank", order(129, first, 66, "PAID",
        paid(1291, first, 66)), sale=66)  # fmt: skip
    shop.dispute(9, 129, 66, "NEEDS_RESPONSE", initiatedAt=later, type="INQUIRY")
    put(130, "charged back where nobody says how much", order(130, first, 66, "PAID",
        paid(1301, first, 66),
        disputes=[{"id": "gid://x/1", "initiatedAs": "CHARGEBACK", "status": "LOST"}]),
        sale=66)  # fmt: skip
    put(132, "a sale and a capture", order(132, first, 70, "PAID", paid(1321, first, 50),
        paid(1322, later, 20, "CAPTURE", gateway="paypal")), sale=70)  # fmt: skip
    put(133, "more given back than was paid", order(133, first, 50, "REFUNDED",
        paid(1331, first, 50), paid(1332, later, 60, "REFUND")), sale=50, refund=-60)  # fmt: skip
    put(134, "cash, rounded each time", order(134, first, 9.99, "PARTIALLY_REFUNDED",
        paid(1341, first, 9.99, gateway="cash", amountRoundingSet=bag("0.01")),
        paid(1342, later, 5.02, "REFUND", gateway="cash", amountRoundingSet=bag("-0.02")),
        totalCashRoundingAdjustment={"paymentSet": bag("0.01"), "refundSet": bag("-0.02")}),
        sale=10, refund=-5)  # fmt: skip
    put(135, "given back without a receipt, onto a gift card", order(135, first, 0, "PAID",
        paid(1351, first, 30, "REFUND", gateway="gift_card"), sourceName="pos"),
        credit_returned=-30)  # fmt: skip
    put(136, "imported without payments, and given back in part since",
        order(136, later, 100, "PARTIALLY_REFUNDED",
              paid(1361, last, 20, "REFUND", gateway="manual"),
              processedAt="2026-09-03T10:00:00Z"), sale=100, refund=-20)  # fmt: skip
    put(137, "a gift card paid for with a gift card", order(137, first, 50, "PAID",
        paid(1371, first, 50, gateway="gift_card"), lineItems=gift_card(50)),
        credit_spent=50, credit_sold=-50)  # fmt: skip
    put(138, "a gift card taken out unpaid, and goods given back later",
        order(138, first, 150, "PARTIALLY_REFUNDED", paid(1381, later, 100),
              paid(1382, last, 60, "REFUND"), lineItems=gift_card(50, 1, 0), current=40),
        sale=100, refund=-60)  # fmt: skip
    put(139, "captured in part, the rest voided", order(139, first, 90, "VOIDED",
        paid(1390, first, 90, "AUTHORIZATION"), paid(1391, later, 40, "CAPTURE"),
        paid(1392, last, 50, "VOID"), current=40), sale=40)  # fmt: skip
    put(150, "a sale that was voided once it was captured", order(150, first, 80, "VOIDED",
        paid(1501, first, 80), paid(1502, last, 80, "VOID")), sale=80, refund=-80)  # fmt: skip
    put(151, "captured whole, and voided in part", order(151, first, 90, "PARTIALLY_REFUNDED",
        paid(1511, first, 90, "AUTHORIZATION"), paid(1512, later, 90, "CAPTURE"),
        paid(1513, last, 30, "VOID")), sale=90, refund=-30)  # fmt: skip
    put(140, "of last month, exchanged in this one",
        order(140, "2026-08-28T10:00:00Z", 60, "PARTIALLY_REFUNDED",
              paid(1401, "2026-08-28T10:00:00Z", 60), paid(1402, first, 20, "REFUND"), current=40),
        sale=60, refund=-20)  # fmt: skip
    put(141, "changed, and its subtotal is not given", order(141, first, 60, "PAID",
        paid(1411, first, 60), subtotalPriceSet=None), sale=60)  # fmt: skip
    put(142, "paid in full, and dearer since", order(142, first, 60, "PARTIALLY_PAID",
        paid(1421, first, 60), current=75, totalPriceSet=bag(75)), sale=60)  # fmt: skip
    put(143, "shipping alone given back, and a little more for the trouble",
        order(143, first, 65, "PARTIALLY_REFUNDED", paid(1431, first, 65),
              paid(1432, later, 5, "REFUND"), paid(1433, later, 2.5, "REFUND")),
        sale=65, refund=-7.5)  # fmt: skip
    put(144, "an invoice on terms, a part of it paid in advance",
        order(144, first, 500, "PARTIALLY_PAID", paid(1441, later, 200, gateway="manual")),
        sale=200)  # fmt: skip
    put(145, "edited by an app, which cancels it", order(145, first, 60, "PAID",
        paid(1451, first, 60), cancelledAt=later, name="#7001", email="e@example.com"),
        sale=60)  # fmt: skip
    put(146, "the app's copy of it, with a copy of its payment, and what was paid on top",
        order(146, later, 75, "PAID", paid(1461, later, 60), paid(1462, later, 15),
              name="#7001A", email="e@example.com"), sale=15)  # fmt: skip
    put(152, "edited down to nothing before it was paid", order(152, first, 100, "PAID",
        current=0))  # fmt: skip
    put(153, "the same, and a payment of it failed", order(153, first, 100, "PAID",
        paid(1531, first, 100, status="FAILURE"), current=0))  # fmt: skip
    put(154, "refunded to two tenders, one of them pending", order(154, first, 100,
        "PARTIALLY_REFUNDED", paid(1541, first, 60), paid(1542, first, 40, gateway="gift_card"),
        paid(1543, later, 60, "REFUND", "PENDING"),
        paid(1544, later, 40, "REFUND", gateway="gift_card")),
        sale=60, credit_spent=40, credit_returned=-40)  # fmt: skip
    put(155, "a refund that was pending, and came through as another", order(155, first, 60,
        "REFUNDED", paid(1551, first, 60), paid(1552, later, 60, "REFUND", "PENDING"),
        paid(1553, last, 60, "REFUND")), sale=60, refund=-60)  # fmt: skip
    put(156, "a transfer that was pending, and was marked as paid", order(156, first, 60, "PAID",
        paid(1561, first, 60, status="PENDING", gateway="Bank Deposit"),
        paid(1562, later, 60, gateway="Bank Deposit")), sale=60)  # fmt: skip
    put(157, "paid in dollars, given back in euros after the shop's currency changed",
        order(157, first, 110, "PARTIALLY_REFUNDED", paid(1571, first, 110, currency="USD"),
              paid(1572, later, 50, "REFUND"), currency="USD"), sale=100, refund=-50)  # fmt: skip
    put(158, "two disputes of one order", order(158, first, 66, "PAID", paid(1581, first, 66)),
        sale=66, chargeback=-66)  # fmt: skip
    shop.dispute(13, 158, 30, "LOST", initiatedAt=later)
    shop.dispute(14, 158, 36, "UNDER_REVIEW", initiatedAt=last)
    put(159, "a gift card that was charged back", order(159, first, 50, "PAID",
        paid(1591, first, 50), lineItems=gift_card(50)),
        sale=50, credit_sold=-50, chargeback=-50)  # fmt: skip
    shop.dispute(15, 159, 50, "LOST", initiatedAt=later)
    put(160, "one payment listed twice", order(160, first, 60, "PAID", paid(1601, first, 60),
        paid(1601, first, 60)), sale=60)  # fmt: skip
    put(161, "paid by the shop's word, and its only payment failed", order(161, first, 100, "PAID",
        paid(1611, first, 100, status="FAILURE")))  # fmt: skip
    put(162, "the same, refunded in part, which failed too", order(162, first, 100,
        "PARTIALLY_REFUNDED", paid(1621, first, 100, status="ERROR"),
        paid(1622, later, 20, "REFUND", "FAILURE")))  # fmt: skip
    put(163, "paid by the shop's word, and its transfer is not through", order(163, first, 100,
        "PAID", paid(1631, first, 100, status="PENDING", gateway="manual")))  # fmt: skip
    put(164, "its payment failed, and the shop says what it received", order(164, first, 100,
        "PAID", paid(1641, first, 100, status="FAILURE"), totalReceivedSet=bag(100)),
        sale=100)  # fmt: skip
    put(165, "imported as paid, and a refund of it failed", order(165, first, 100, "PAID",
        paid(1651, later, 20, "REFUND", "FAILURE")), sale=100)  # fmt: skip
    put(131, "a status that is new, and money came", order(131, first, 9, "PAID",
        paid(1311, first, 9), displayFinancialStatus=None), sale=9)  # fmt: skip


def add_channels(shop: Shop) -> None:
    day = "2026-09-11T10:00:00Z"
    for id, name in enumerate(
        ("pos", "shopify_draft_order", "subscription_contract", "1520611", "web", None, "9911"), 201
    ):
        shop.put(order(id, day, 70, "PAID", paid(id * 10, day, 70), sourceName=name))
    visit = {"landingPage": "https://shop.example/", "referrerUrl": None, "utmParameters": None}
    summary = {"lastVisit": visit}
    shop.put(order(208, day, 70, "PAID", paid(2080, day, 70), sourceName="9911",
                   customerJourneySummary=summary))  # fmt: skip
