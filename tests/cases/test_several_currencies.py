"""Cases of several currencies, and of refunds nobody tells: one company holds them all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.small_company import SmallCompany
from cases.test_files_company import SEPTEMBER

ORDERS = (
    "select _row, id as order_id, day as ordered_date, amount as amount_local,"
    " currency as currency_code, status from input"
)
REFUNDS = (
    "select _row, id as refund_id, order_id, day as refunded_date, amount as amount_local,"
    " currency as currency_code from input"
)
CLAIMS = (
    "select _row, 'maps' as platform, 'a1' as account_id, campaign as campaign_id,"
    " day as claim_date, 'buy' as action_id, 'click_date' as date_basis,"
    " currency as currency_code, n as claimed_conversions, amount as claimed_amount_local"
    " from input"
)
GIVEN_BACK = "More was given back for a conversion than it ever brought"
UNKNOWN = "say that money was taken back of them, and nobody says how much"
MIXED = "Headline claims of a platform, account and goal are of several definitions on a day"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("currencies"))
    small.goal(
        "sale",
        {"source": "files", "selector": "orders"},
        {"source": "files", "selector": "buy"},
    )
    small.channels.append({"channel": "maps_ads", "is_paid": True, "platform": "maps"})
    add_orders(small)
    add_claims(small)
    small.output = small.publish()
    return small


def add_orders(small: SmallCompany) -> None:
    small.feed(
        "till", "orders", ORDERS,
        ["id,day,amount,currency,status",
         *(f"A{day[-2:]}{n},{day},100,EUR,paid" for day in SEPTEMBER for n in range(8)),
         "LESS,2026-09-05,100,EUR,paid", "MORE,2026-09-05,100,EUR,paid",
         "SAID,2026-09-06,71,EUR,Refunded", "ABROAD,2026-09-06,22,USD,partially refunded",
         "KNOWN,2026-09-06,50,EUR,Refunded"],
    )  # fmt: skip
    small.feed(
        "bank", "refunds", REFUNDS,
        ["id,order_id,day,amount,currency", "R1,LESS,2026-09-07,30,USD",
         "R2,MORE,2026-09-07,121,USD", "R3,KNOWN,2026-09-07,50,EUR"],
    )  # fmt: skip


def add_claims(small: SmallCompany) -> None:
    small.feed(
        "maps", "ad_performance",
        "select _row, 'maps' as platform, 'a1' as account_id, 'base' as campaign_id,"
        " day as ad_date, 'EUR' as currency_code, '10' as spend_amount_local from input",
        ["day", *SEPTEMBER],
    )  # fmt: skip
    small.feed(
        "maps", "claims", CLAIMS,
        ["day,campaign,currency,n,amount",
         *(f"{day},base,EUR,2,150" for day in SEPTEMBER),
         "2026-09-02,odd,XYZ,1,50", "2026-09-07,mix,USD,1,11"],
        headline_claim={"date_basis": "click_date"},
    )  # fmt: skip


def line(company: SmallCompany, words: str) -> str:
    """What the gate says of one check, and nothing of others."""
    found = [part for part in company.output.split("; ") if words in part]
    assert len(found) == 1, company.output
    return found[0]


def test_a_claim_nobody_can_convert_leaves_the_other_claims_of_its_day(company: SmallCompany):
    assert company.query(
        "select campaign_id, claimed_conversions, claimed_amount from marts.fct_campaign_daily"
        " where report_date = date '2026-09-02' and platform = 'maps' order by 1"
    ) == [("base", 2, 150), ("odd", None, None)]
    assert company.query(
        "select claimed_conversions, claimed_amount from marts.fct_channel_daily"
        " where report_date = date '2026-09-02' and channel = 'maps_ads'"
    ) == [(2, 150)]


def test_a_claim_in_another_known_currency_adds_up_with_the_others_of_its_day(
    company: SmallCompany,
):
    assert company.query(
        "select campaign_id, claimed_conversions, claimed_amount from marts.fct_campaign_daily"
        " where report_date = date '2026-09-07' and platform = 'maps' order by 1"
    ) == [("base", 2, 150), ("mix", 1, 10)]
    assert company.query(
        "select claimed_conversions, claimed_amount from marts.fct_channel_daily"
        " where report_date = date '2026-09-07' and channel = 'maps_ads'"
    ) == [(3, 160)]
    assert MIXED not in company.output


def test_what_was_given_back_in_another_currency_is_compared_in_the_reporting_one(
    company: SmallCompany,
):
    assert company.query(
        "select net_amount from marts.fct_conversions where conversion_id like '%:MORE'"
    ) == [(Decimal(-10),)]
    assert "(1 row since 2026-09-05, -10.00 EUR)" in line(company, GIVEN_BACK)


def test_records_that_say_they_were_refunded_without_a_refund_are_reported(company: SmallCompany):
    assert "(2 rows since 2026-09-06, 91.00 EUR" in line(company, UNKNOWN)
    assert company.query(
        "select position_or_record, row_count from health.fct_set_aside"
        " where kind = 'no amount' order by 1"
    ) == [("till:ABROAD", 0), ("till:SAID", 0)]
