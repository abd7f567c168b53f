"""The ledger is money that came in: a shop whose orders are edited, unpaid, refunded, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from cases.shop import ENTRY, SECRETS, Shop, bag, gift_card, order, paid
from cases.small_company import SmallCompany
from trueup.build import dbt

#: Every further input: what it is, and what the ledger must hold of it, by type and day.
MORE: dict[int, tuple[str, dict[str, Any]]] = {}


def company_at(folder: Any) -> SmallCompany:
    small = SmallCompany(folder, environment=SECRETS)
    small.sources = {"shopify": ENTRY}
    small.fixed_rates = {"USD": 1.10, "JPY": 160, "GBP": 0.85}
    small.goal("sale", {"source": "shopify", "selector": "order"})
    return small


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    """One company holds every case. Orders are numbered by case; the shop is landed twice."""
    small, shop = company_at(tmp_path_factory.mktemp("shop")), Shop()
    add_cases(shop)
    add_kinds(shop)
    add_channels(shop)
    with shop.open():
        assert small.land("shopify", "2026-09-28").code == 0
        del shop.orders[41], shop.orders[43]
        small.output = small.publish()
    assert small.mart.exists(), small.output
    return small


def add_cases(shop: Shop) -> None:
    """L1 to L5 of the project's cases."""
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
    put(140, "of last month, exchanged in this one",
        order(140, "2026-08-28T10:00:00Z", 60, "PARTIALLY_REFUNDED",
              paid(1401, "2026-08-28T10:00:00Z", 60), paid(1402, first, 20, "REFUND"), current=40),
        sale=60, refund=-20)  # fmt: skip
    put(141, "changed, and its subtotal is not told", order(141, first, 60, "PAID",
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


def entries(small: SmallCompany, number: int) -> dict[str, Decimal]:
    """What the ledger holds of an order, by type."""
    return dict(
        small.query(
            "select entry_type, sum(amount) from marts.fct_ledger_entries"
            f" where conversion_id = 'shopify:{number}' group by 1"
        )
    )


def one(small: SmallCompany, sql: str) -> Any:
    ((value,),) = small.query(sql)
    return value


def earned(small: SmallCompany, *numbers: int) -> Decimal:
    return sum((sum(entries(small, number).values()) for number in numbers), Decimal(0))


def test_an_order_that_was_edited_before_it_was_paid_earns_what_was_paid(company: SmallCompany):
    assert entries(company, 11) == {"sale": 60}
    assert str(one(company, "select entry_date from marts.fct_ledger_entries"
                            " where conversion_id = 'shopify:11'")) == "2026-09-12"  # fmt: skip


def test_what_nobody_paid_is_no_revenue_and_stands_apart_by_status(company: SmallCompany):
    assert earned(company, 21, 22, 23, 24) == 10
    unpaid = company.query(
        "select status, sum(unpaid_amount), sum(net_amount) from marts.fct_conversions where"
        " conversion_id in ('shopify:21', 'shopify:22', 'shopify:23', 'shopify:24')"
        " group by 1 order by 1"
    )
    assert unpaid == [("pending", 60, 0), ("void", 150, 0), ("won", 0, 10)]


def test_a_gift_card_is_a_debt_when_it_is_sold_and_revenue_when_it_is_spent(company: SmallCompany):
    by_day = company.query(
        "select entry_date::varchar, sum(amount), coalesce(sum(amount) filter (entry_type not in"
        " ('credit_sold', 'credit_spent', 'credit_returned')), 0) from marts.fct_ledger_entries"
        " where conversion_id in ('shopify:31', 'shopify:32') group by 1 order by 1"
    )
    assert by_day == [("2026-09-10", 0, 50), ("2026-09-15", 50, 0)]


def test_an_order_deleted_in_the_shop_leaves_the_mart_when_that_is_known_and_is_told(
    company: SmallCompany,
):
    assert earned(company, 41, 42) == 10
    aside = company.query(
        "select position_or_record, reason, amount_local from health.fct_set_aside"
        " where kind = 'deleted' order by 1"
    )
    assert aside == [
        ("41", "deleted in the shop", 999), ("43", "deleted in the shop", 70),
        ("payment:41", "money of an order that is deleted in the shop", 999),
    ]  # fmt: skip
    assert "assert_no_record_was_deleted" in company.output


def test_a_refund_that_failed_gives_nothing_back_and_is_seen(company: SmallCompany):
    assert entries(company, 51) == {"sale": 100}
    assert company.query(
        "select reason, amount_local from health.fct_set_aside"
        " where position_or_record = 'refund:52'"
    ) == [("a refund that failed", 30)]  # fmt: skip


@pytest.mark.parametrize("number", range(101, 147))
def test_the_ledger_follows_the_money(company: SmallCompany, number: int):
    what, expected = MORE[number]
    assert entries(company, number) == expected, what


def test_what_an_import_brings_stands_on_its_old_day(company: SmallCompany):
    assert company.query(
        "select conversion_id, entry_date::varchar from marts.fct_ledger_entries"
        " where conversion_id in ('shopify:115', 'shopify:116') order by 1"
    ) == [("shopify:115", "2026-09-02"), ("shopify:116", "2026-09-03")]  # fmt: skip


def test_a_chargeback_nobody_knows_the_size_of_is_told(company: SmallCompany):
    assert "assert_every_chargeback_has_an_amount" in company.output


def test_partly_paid_orders_say_what_is_still_waited_for(company: SmallCompany):
    assert company.query(
        "select status, net_amount, unpaid_amount from marts.fct_conversions"
        " where conversion_id = 'shopify:102'"
    ) == [("pending", 30, 60)]  # fmt: skip


def test_what_was_paid_in_full_stays_won_when_it_gets_dearer(company: SmallCompany):
    assert company.query(
        "select status, net_amount, unpaid_amount from marts.fct_conversions"
        " where conversion_id = 'shopify:142'"
    ) == [("won", 60, 15)]  # fmt: skip


def test_cancelled_orders_are_cancelled_whatever_was_kept(company: SmallCompany):
    assert company.query(
        "select net_amount, unpaid_amount from marts.fct_conversions"
        " where status = 'cancelled' order by 1"
    ) == [(15, 0), (40, 0), (60, 0)]  # fmt: skip


def test_only_orders_that_can_come_of_a_visit_are_of_the_web(company: SmallCompany):
    web = company.query(
        "select record_id, is_web from intermediate.int_conversions__recorded"
        " where record_id::integer > 200 order by 1",
        company.build_file,
    )
    # one order of an app that came of a visit makes the app one of the shop's own
    assert [is_web for _, is_web in web] == [False, False, False, False, True, True, True, True]


def test_the_mart_is_published_with_every_row_accounted_for(company: SmallCompany):
    assert "hold" not in company.output
    for unit in ("rows", "money"):
        accounted = f"used_{unit} + set_aside_{unit} + superseded_{unit}"
        sql = f"select count(*) from health.fct_row_accounts where offered_{unit} <> {accounted}"
        assert one(company, sql) == 0


@contextmanager
def ledger_alone() -> Iterator[None]:
    """Builds within the block make the ledger and what it stands on, and none of what sees it."""
    run_all = dbt.run_process

    def run(arguments: list[str], environment: dict[str, str], show: Any) -> int:
        only = ["--exclude-resource-type", "test", "--select", "+int_ledger_entries__unioned"]
        return run_all([*arguments, *only], environment, show)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt, "run_process", run)
        yield


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
