"""The ledger is money that came in: a shop whose orders are edited, unpaid, refunded, deleted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cases.shop import Shop
from cases.shop_cases import MORE, add_cases, add_channels, add_kinds
from cases.shop_company import company_at
from cases.small_company import SmallCompany


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


def test_an_order_deleted_in_the_shop_leaves_the_mart_when_that_is_known_and_is_reported(
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


def test_money_of_an_order_that_was_set_aside_is_set_aside_with_it(company: SmallCompany):
    assert one(company, "select count(*) from marts.fct_ledger_entries"
                        " where entry_id like '%:61' or entry_id like '%:62'") == 0  # fmt: skip
    aside = company.query(
        "select position_or_record, reason, amount_local from health.fct_set_aside"
        " where position_or_record in ('order 61', 'payment:61', 'refund:62') order by 1"
    )
    assert aside == [
        ("order 61", "what its gift cards cost cannot be read off its lines", 300),
        ("payment:61", "money of an order that is set aside", 300),
        ("refund:62", "money of an order that is set aside", 50),
    ]  # fmt: skip


def test_a_refund_that_failed_gives_nothing_back_and_is_seen(company: SmallCompany):
    assert entries(company, 51) == {"sale": 100}
    assert company.query(
        "select reason, amount_local from health.fct_set_aside"
        " where position_or_record = 'refund:52'"
    ) == [("a refund that failed", 30)]  # fmt: skip


@pytest.mark.parametrize("number", range(101, 161))
def test_the_ledger_follows_the_money(company: SmallCompany, number: int):
    what, expected = MORE[number]
    assert entries(company, number) == expected, what


def test_what_an_import_brings_stands_on_its_old_day(company: SmallCompany):
    assert company.query(
        "select conversion_id, entry_date::varchar from marts.fct_ledger_entries"
        " where conversion_id in ('shopify:115', 'shopify:116') order by 1"
    ) == [("shopify:115", "2026-09-02"), ("shopify:116", "2026-09-03")]  # fmt: skip


def test_the_zero_of_a_clock_is_no_day(company: SmallCompany):
    assert company.query(
        "select conversion_id, entry_date::varchar from marts.fct_ledger_entries"
        " where conversion_id in ('shopify:148', 'shopify:149') order by 1"
    ) == [("shopify:148", "2026-09-10"), ("shopify:149", "2026-09-15")]  # fmt: skip


def test_a_chargeback_nobody_knows_the_size_of_is_reported(company: SmallCompany):
    assert "assert_what_was_given_back_has_an_amount" in company.output


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


def test_what_the_shop_calls_paid_and_no_payment_of_it_came_through_is_waited_for(
    company: SmallCompany,
):
    assert company.query(
        "select status, net_amount, unpaid_amount from marts.fct_conversions"
        " where conversion_id in ('shopify:161', 'shopify:162', 'shopify:163')"
    ) == [("pending", 0, 100)] * 3  # fmt: skip


def test_what_was_edited_down_to_nothing_is_void(company: SmallCompany):
    assert company.query(
        "select status, net_amount, unpaid_amount from marts.fct_conversions"
        " where conversion_id in ('shopify:152', 'shopify:153')"
    ) == [("void", 0, 0)] * 2  # fmt: skip


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
