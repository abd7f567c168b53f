"""Cases of amounts, signs and silent days: one company holds them all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cases.small_company import SmallCompany
from cases.test_files_company import CLAIMS, ORDERS, SEPTEMBER, SPEND

ORDERS_WITH_STATUS = (
    "select _row, id as order_id, day as ordered_date, amount as amount_local,"
    " currency as currency_code, status from input"
)
REFUNDS = (
    "select _row, id as refund_id, order_id, day as refunded_date, amount as amount_local,"
    " 'EUR' as currency_code, type as entry_type from input"
)
BOOKINGS = (
    "select _row, id as booking_id, day as booked_date, '2026-10-20' as arrival_date, status,"
    " cancelled as cancelled_date, amount as amount_local, stayed as stayed_amount_local,"
    " 'EUR' as currency_code from input"
)
TEN = [day for day in SEPTEMBER if not "2026-09-10" <= day <= "2026-09-14"]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("money"))
    small.fixed_rates = {"USD": 1.10, "VND": 26_000}
    add_money(small)
    add_silence(small)
    add_claims(small)
    small.output = small.publish()
    return small


def add_money(small: SmallCompany) -> None:
    selectors = ("orders", "buy", "Purchase")
    small.goal("sale", *({"source": "files", "selector": name} for name in selectors))
    small.goal("stay", {"source": "files", "selector": "bookings"})
    rows = [f"A{day[-2:]}{n},{day},100,EUR,paid" for day in SEPTEMBER for n in range(8)]
    small.feed(
        "till", "orders", ORDERS_WITH_STATUS,
        ["id,day,amount,currency,status", *rows,
         "1001,2026-09-05,100,EUR,paid",
         "LARGE,2026-09-05,99999999999,EUR,paid",
         *(f"LARGE{n},2026-09-06,99999999999,EUR,paid" for n in range(12)),
         "MORE,2026-09-06,100,EUR,cancelled",
         "FEE,2026-09-07,100,EUR,cancelled"],
    )  # fmt: skip
    small.feed(
        "till", "refunds", REFUNDS,
        ["id,order_id,day,amount,type", "R1,MORE,2026-09-08,120,refund", "R2,FEE,2026-09-08,15,fee",
         *(f"R{n},A{n}0,2026-09-20,1,refund" for n in range(10, 20))],
    )  # fmt: skip
    small.feed(
        "rooms", "bookings", BOOKINGS,
        ["id,day,status,cancelled,amount,stayed", "1001,2026-09-05,ok,,300,",
         "B1,2026-09-05,cancelled,2026-09-07,100,120",
         *(f"B{n},2026-09-{n},ok,,100," for n in range(10, 30))],
    )  # fmt: skip
    small.feed(
        "rooms", "refunds", REFUNDS, ["id,order_id,day,amount,type", "R1,1001,2026-09-10,50,refund"]
    )


def add_silence(small: SmallCompany) -> None:
    rows = [f"S{day[-2:]}{n},{day},10" for day in SEPTEMBER[:20] for n in range(8)]
    small.feed("stopped", "orders", ORDERS, ["id,day,amount", *rows])
    rows = [f"E{day[-2:]}{n},{day},10" for day in SEPTEMBER[:29] for n in range(8)]
    small.feed("evening", "orders", ORDERS, ["id,day,amount", *rows])
    periods = {"gap": TEN, "paused": SEPTEMBER[:20], "monthly": SEPTEMBER[:26],
               "sparse": SEPTEMBER[::3], "half": SEPTEMBER, "alike": SEPTEMBER}  # fmt: skip
    for platform, days in periods.items():
        small.channels.append({"channel": platform, "is_paid": True, "platform": platform})
        rows = [f"{day},a,c,100" for day in days]
        small.feed(platform, "ad_performance", SPEND.format(platform=platform),
                   ["day,account,campaign,cost", *rows])  # fmt: skip
    select = SPEND.format(platform="coins").replace("'EUR' as", "currency as")
    rows = [f"{day},a,c,1,EUR" for day in SEPTEMBER]
    rows += ["2026-09-05,a,c,11,USD", *["2026-09-05,a,d,60000000000,VND"] * 2]
    small.feed("coins", "ad_performance", select, ["day,account,campaign,cost,currency", *rows])
    small.channels.append({"channel": "coins", "is_paid": True, "platform": "coins"})


def add_claims(small: SmallCompany) -> None:
    head = "campaign,day,action,click_days,n,amount,name"
    for platform, rows in {
        "half": [f"c,{day},buy,,1,50,buy" for day in SEPTEMBER[:15]],
        "alike": [f"c,{day},{action},,1,50,Purchase" for day in SEPTEMBER for action in (11, 22)],
    }.items():
        select = CLAIMS.format(platform=platform, account="'a'", basis="click_date")
        small.feed(
            platform, "claims", select.replace(" from input", ", name as action_name from input"),
            [head, *rows], headline_claim={"date_basis": "click_date"},
        )  # fmt: skip


def net(small: SmallCompany, number: str) -> dict[str, Any]:
    return dict(
        small.query(
            "select entry_type, amount from marts.fct_ledger_entries"
            f" where conversion_id like '%:{number}' order by 1"
        )
    )


def findings(small: SmallCompany, test: str) -> list[tuple[Any, ...]]:
    return small.query(
        "select segment, since_date::varchar, observed from health.fct_gate_results"
        f" where check_name like '%{test}%' and verdict = 'warn' order by 1"
    )


def test_large_amounts_and_their_sums_are_published(company: SmallCompany):
    assert "hold" not in company.output
    large = "select sum(amount), sum(margin_amount) from marts.fct_ledger_entries where conversion_id like '%LARGE%'"  # noqa: E501
    assert company.query(large) == [(Decimal("1299999999987"), Decimal("649999999993.5"))]
    day = "select max(reconciled_revenue_amount) > 1190000000000 from marts.fct_channel_daily"
    assert company.query(day) == [(True,)]
    spend = "select spend_amount_local, round(spend_amount, 2) from marts.fct_ad_performance_daily where currency_code = 'VND'"  # noqa: E501
    assert company.query(spend) == [(Decimal("120000000000"), Decimal("4615384.62"))]


def test_what_is_given_back_beyond_a_cancelled_order_stands(company: SmallCompany):
    assert net(company, "MORE") == {"sale": 100, "refund": -120}
    assert net(company, "FEE") == {"sale": 100, "cancellation": -100, "fee": -15}
    assert net(company, "B1") == {"sale": 100, "correction": 20}


def test_a_refund_means_the_record_of_its_own_feed(company: SmallCompany):
    amounts = "select conversion_id, net_amount from marts.fct_conversions where conversion_id like '%1001' order by 1"  # noqa: E501
    assert company.query(amounts) == [("files:booking:rooms:1001", 250), ("files:till:1001", 100)]


def test_a_feed_that_ends_before_its_days_do_is_reported(company: SmallCompany):
    (row,) = findings(company, "no_day_of_orders")
    assert row[:2] == ("files stopped", "2026-09-21")


def test_days_without_spend_among_days_of_spend_are_reported(company: SmallCompany):
    found = [row[:2] for row in findings(company, "no_day_of_spend")]
    assert found == [("files gap a", "2026-09-10"), ("files paused a", "2026-09-21")]


def test_claims_a_file_does_not_reach_are_unknown(company: SmallCompany):
    claimed = "select claimed_amount, count(*) from marts.fct_channel_daily where channel = 'half' group by 1 order by 1"  # noqa: E501
    assert company.query(claimed) == [(50, 15), (None, 15)]


def test_two_actions_of_one_name_are_reported_with_their_ids(company: SmallCompany):
    ((segment, _, observed),) = findings(company, "names_of_their_own")
    assert segment == "alike a sale"
    assert "11, 22" in observed and "Purchase" in observed


def test_two_currencies_of_a_campaign_and_day_are_two_rows(company: SmallCompany):
    assert findings(company, "rows_of_stg_files") == []
    spend = "select currency_code, spend_amount_local from marts.fct_ad_performance_daily where platform = 'coins' and campaign_id = 'c' and ad_date = '2026-09-05' order by 1"  # noqa: E501
    assert company.query(spend) == [("EUR", 1), ("USD", 11)]
