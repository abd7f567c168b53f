"""Cases of rows that contradict each other, or themselves: one company holds them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.small_company import SmallCompany
from cases.test_files_company import SEPTEMBER

ORDERS = (
    "select _row, id as order_id, day as ordered_date, amount as amount_local,"
    " 'EUR' as currency_code, who as person_id, platform, account as account_id,"
    " campaign as campaign_id from input"
)
REFUNDS = (
    "select _row, id as refund_id, order_id, day as refunded_date, amount as amount_local,"
    " 'EUR' as currency_code from input"
)
BOOKINGS = (
    "select _row, id as booking_id, booked as booked_date, arrives as arrival_date, status,"
    " cancelled as cancelled_date, value as amount_local, 'EUR' as currency_code from input"
)
SPEND = (
    "select _row, platform, account as account_id, campaign as campaign_id, name as campaign_name,"
    " day as ad_date, 'EUR' as currency_code, cost as spend_amount_local from input"
)
CLAIMS = (
    "select _row, platform, account as account_id, campaign as campaign_id, day as claim_date,"
    " 'buy' as action_id, 'click_date' as date_basis,"
    " try_cast(click_days as int) as click_window_days, currency as currency_code,"
    " n as claimed_conversions, amount as claimed_amount_local from input"
)
TOUCHES = (
    'select _row, id as touch_id, "at" as touch_at, who as person_id, platform,'
    " account as account_id, campaign as campaign_id from input"
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("contradictions"))
    small.goal(
        "sale", {"source": "files", "selector": "orders"}, {"source": "files", "selector": "buy"}
    )
    small.goal("stay", {"source": "files", "selector": "bookings"})
    add_sales(small)
    add_bookings(small)
    add_platforms(small)
    small.output = small.publish()
    assert small.mart.exists(), small.output
    return small


def add_sales(small: SmallCompany) -> None:
    small.feed(
        "till", "orders", ORDERS,
        ["id,day,amount,who,platform,account,campaign",
         *(f"A{day[-2:]}{n},{day},100,,,," for day in SEPTEMBER for n in range(4)),
         *(f"N{n},{SEPTEMBER[n % 30]},10,noreply@shop.example,,," for n in range(20)),
         *(f"S{n},{SEPTEMBER[n % 28]},10,desk@shop.example,,," for n in range(60)),
         *(f"R{n},{SEPTEMBER[n]},10,regular@example.com,,," for n in range(20)),
         "ADS1,2026-09-12,70,ann@example.com,MAPS,1234567890,777.0",
         "ADS2,2026-09-12,30,bob@example.com,,,", "LATE,2026-09-25,40,,,,",
         "PART,2026-09-20,50,,,,"],
    )  # fmt: skip
    small.feed(
        "bank", "refunds", REFUNDS,
        ["id,order_id,day,amount", "r1,LATE,2026-09-15,40", "r2,PART,2026-09-22,15",
         "r3,PART,2026-09-24,50"],
    )  # fmt: skip


def add_bookings(small: SmallCompany) -> None:
    small.feed(
        "desk", "bookings", BOOKINGS,
        ["id,booked,arrives,status,cancelled,value",
         "B1,2026-09-02,2026-09-10,confirmed,2026-09-08,300",
         "B2,2026-09-03,2026-10-20,cancelled,2026-10-02,200",
         "B3,2026-09-04,2026-09-15,checked_out,2026-09-06,150",
         "B4,2026-09-05,2026-12-24,confirmed,,500"],
    )  # fmt: skip


def add_platforms(small: SmallCompany) -> None:
    small.channels += [
        {"channel": "maps_ads", "is_paid": True, "platform": "maps"},
        {"channel": "portal_ads", "is_paid": True, "platform": "portal"},
    ]
    small.feed(
        "maps", "ad_performance", SPEND,
        ["day,platform,account,campaign,name,cost",
         *(f"{day},Maps,123-456-7890,777,Brand,10" for day in SEPTEMBER[:15]),
         *(f"{day},maps,1234567890,777,Brand,10" for day in SEPTEMBER[15:]),
         "2026-09-20,maps ,123 456 7890,777.0,Brand,5"],
    )  # fmt: skip
    small.feed(
        "maps", "claims", CLAIMS,
        ["day,platform,account,campaign,click_days,currency,n,amount",
         *(f"{day},maps,1234567890,777,,EUR,1,20" for day in SEPTEMBER),
         "2026-09-10,MAPS,123-456-7890,777,,EUR,2,30",
         # counted, worth nothing, and of a currency without a rate
         "2026-09-11,maps,1234567890,777,,XPF,3,0"],
        headline_claim={"date_basis": "click_date"},
    )  # fmt: skip
    small.feed(
        "portal", "ad_performance", SPEND,
        ["day,platform,account,campaign,name,cost",
         *(f"{day},portal,p,1,One,10" for day in SEPTEMBER)],
    )  # fmt: skip
    small.feed(
        "portal", "claims", CLAIMS,
        ["day,platform,account,campaign,click_days,currency,n,amount",
         *(f"{day},portal,p,1,30,EUR,2,20" for day in SEPTEMBER[:14]),
         *(f"{day},portal,p,1,7,EUR,1,10" for day in SEPTEMBER[14:])],
        headline_claim={"date_basis": "click_date", "click_window_days": 30},
    )  # fmt: skip
    small.feed(
        "clicks", "touches", TOUCHES,
        ["id,at,who,platform,account,campaign",
         "T1,2026-09-11T10:00:00Z,bob@example.com,Maps,123-456-7890,777"],
    )  # fmt: skip


def test_a_platform_and_an_account_are_one_however_they_are_spelt(company: SmallCompany):
    found = company.query(
        "select platform, account_id, campaign_id, sum(spend_amount), sum(claimed_conversions),"
        " sum(reconciled_revenue_amount) from marts.fct_campaign_daily where platform = 'maps'"
        " group by all"
    )
    # an order that names the campaign, and one whose person clicked on it
    assert found == [("maps", "1234567890", "777", 305, 35, 100)]
    assert company.query(
        "select platform, account_id, campaign_id, campaign_name, channel from marts.dim_campaign"
        " where lower(platform) like '%maps%' and valid_to is null"
    ) == [("maps", "1234567890", "777", "Brand", "maps_ads")]
    assert company.query(
        "select distinct platform from marts.fct_touches where platform is not null"
    ) == [("maps",)]


def test_what_is_worth_nothing_in_a_currency_without_a_rate_is_no_second_definition(
    company: SmallCompany,
):
    assert company.query(
        "select claimed_conversions, claimed_amount from marts.fct_campaign_daily"
        " where platform = 'maps' and report_date = date '2026-09-11'"
    ) == [(4, 20)]
    assert "are of several definitions on a day" not in company.output


def test_a_claim_window_that_changed_is_not_known_and_the_company_is_shown_what_to_set(
    company: SmallCompany,
):
    found = company.query(
        "select claimed_conversions, count(*), min(report_date)::varchar"
        " from marts.fct_campaign_daily where platform = 'portal' group by 1 order by 3"
    )
    assert found == [(2, 14, "2026-09-01"), (None, 16, "2026-09-15")]
    assert "headline_claim of feed portal says click_date, click_window_days 30" in company.output
    assert "since 2026-09-15 are by click_date, click_window_days 7" in company.output


def test_a_booking_is_cancelled_on_its_day_whatever_its_status_says(company: SmallCompany):
    found = company.query(
        "select conversion_id, status, net_amount from marts.fct_conversions"
        " where goal = 'stay' order by 1"
    )
    assert [(key.rpartition(":")[2], status, net) for key, status, net in found] == [
        ("B1", "cancelled", 0), ("B2", "won", 200), ("B3", "won", 150), ("B4", "won", 500),
    ]  # fmt: skip
    assert company.query(
        "select entry_date::varchar, amount from marts.fct_ledger_entries"
        " where goal = 'stay' and entry_type = 'cancellation'"
    ) == [("2026-09-08", -300)]


def test_an_address_of_nobody_makes_no_customer(company: SmallCompany):
    found = company.query(
        "select regexp_extract(conversion_id, '[A-Z]+') as kind, count(distinct customer_id),"
        " count(*) from marts.fct_conversions where kind in ('N', 'S', 'R') group by 1 order by 1"
    )
    assert found == [("N", 0, 20), ("R", 1, 20), ("S", 0, 60)]
    assert company.query("select max(conversion_count) from marts.dim_customer") == [(20,)]
    assert "1 address(es) or number(s) of nobody in particular on 60 records" in company.output


def test_a_refund_of_before_its_order_is_named(company: SmallCompany):
    assert "assert_no_money_goes_back_before_it_came" in company.output
    assert company.query(
        "select sum(amount) from marts.fct_ledger_entries where conversion_id like '%:LATE'"
    ) == [(Decimal(0),)]


def test_an_order_of_which_more_went_back_than_came_is_named(company: SmallCompany):
    """Its refund of the whole states what the refund of a part gave back already."""
    assert "assert_no_more_goes_back_than_came" in company.output
    assert company.query(
        "select since_date::varchar, affected_amount_local from health.fct_gate_results"
        " where check_name = 'assert_no_more_goes_back_than_came'"
    ) == [("2026-09-24", -15)]


def test_every_row_is_accounted_for(company: SmallCompany):
    assert "hold" not in company.output
    for unit in ("rows", "money"):
        accounted = f"used_{unit} + set_aside_{unit} + superseded_{unit}"
        assert company.query(
            f"select count(*) from health.fct_row_accounts where offered_{unit} <> {accounted}"
        ) == [(0,)]
