"""Cases of files that build together: one company holds them all, each test looks at its own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cases.small_company import SmallCompany

SEPTEMBER = [f"2026-09-{day:02}" for day in range(1, 31)]
#: Costs of keywords, with the four decimals a report's micros leave.
KEYWORD_COSTS = [Decimal(n * 37 % 1299 + 1) / 10000 for n in range(11_500)]

SPEND = (
    "select _row, '{platform}' as platform, account as account_id, campaign as campaign_id,"
    " day as ad_date, 'EUR' as currency_code, cost as spend_amount_local from input"
)
CLAIMS = (
    "select _row, '{platform}' as platform, {account} as account_id, campaign as campaign_id,"
    " day as claim_date, action as action_id, '{basis}' as date_basis,"
    " try_cast(click_days as int) as click_window_days,"
    " 'EUR' as currency_code, n as claimed_conversions, amount as claimed_amount_local from input"
)
ORDERS = (
    "select _row, id as order_id, day as ordered_date, amount as amount_local,"
    " 'EUR' as currency_code from input"
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("files"))
    add_orders_and_refunds(small)
    add_bookings_and_touches(small)
    add_platforms(small)
    small.output = small.publish()
    return small


def add_orders_and_refunds(small: SmallCompany) -> None:
    small.goal(
        "sale",
        {"source": "files", "selector": "orders"},
        {"source": "files", "selector": "buy"},
        {"source": "files", "selector": "order_placed"},
    )
    days = [day for day in SEPTEMBER if day != "2026-09-15"]
    rows = [f"A{day[-2:]}{n},{day},100" for day in days for n in range(8)]
    small.feed("till", "orders", ORDERS, ["id,day,amount", *rows])
    small.feed(
        "bank", "refunds",
        "select _row, id as refund_id, nullif(order_id, '') as order_id, day as refunded_date,"
        " amount as amount_local, 'EUR' as currency_code from input",
        ["id,order_id,day,amount", "R1,A010,2026-09-20,10", "R2,OLD7,2026-09-21,20",
         "CN-3,,2026-09-22,30"],
    )  # fmt: skip
    small.feed(
        "stall", "orders", ORDERS,
        ["id,day,amount", "S1,2026-09-02,3199", "S1,2026-09-02,1524", "S2,2026-09-02,10",
         "S2,2026-09-02,10", "S3,2026-09-03,20"],
    )  # fmt: skip


def add_bookings_and_touches(small: SmallCompany) -> None:
    small.goal("stay", {"source": "files", "selector": "bookings"})
    small.feed(
        "desk", "bookings",
        "select _row, id as booking_id, booked as booked_date, arrives as arrival_date,"
        " leaves as departure_date, status, cancelled as cancelled_date, value as amount_local,"
        " stayed as stayed_amount_local, guest as person_id, 'EUR' as currency_code from input",
        ["id,booked,arrives,leaves,status,cancelled,value,stayed,guest",
         "B1,2026-09-02,2026-09-10,2026-09-12,checked_out,,300,320,ann@example.com",
         "B2,2026-09-03,2026-09-20,2026-09-22,cancelled,2026-09-08,200,,bob@example.com",
         "B3,2026-09-04,2026-09-15,2026-09-16,no_show,,150,50,cid@example.com",
         "B4,2026-09-05,2026-12-24,2026-12-26,confirmed,,500,,dan@example.com"],
    )  # fmt: skip
    small.feed(
        "visits", "touches",
        "select _row, id as touch_id, \"at\" as touch_at, who as person_id, source as touch_source,"
        " medium as touch_medium from input",
        ["id,at,who,source,medium",
         "T1,2026-09-01T10:00:00Z,Ann@Example.com,newsletter,email",
         *(f"T{n},2026-09-{n % 28 + 1:02}T08:00:00Z,p{n}@example.com,google,organic"
           for n in range(2, 400))],
    )  # fmt: skip
    small.channels += [
        {"channel": "email", "medium": "email"},
        {"channel": "organic_search", "medium": "organic"},
    ]


def add_platforms(small: SmallCompany) -> None:
    small.channels += [
        {"channel": "maps_ads", "is_paid": True, "platform": "maps"},
        {"channel": "portal_ads", "is_paid": True, "platform": "portal"},
        {"channel": "silent_ads", "is_paid": True, "platform": "silent"},
    ]
    small.feed(
        "maps", "ad_performance", SPEND.format(platform="maps"),
        ["day,account,campaign,cost", "2026-09-05,a1,brand,10", "2026-09-05,a2,brand,10",
         *(f"2026-09-06,a1,generic,{cost}" for cost in KEYWORD_COSTS)],
    )  # fmt: skip
    small.feed(
        "maps", "claims", CLAIMS.format(platform="maps", account="null", basis="click_date"),
        ["day,campaign,action,click_days,n,amount",
         *(f"2026-09-{day:02},generic,buy,30,1,50" for day in range(1, 31)),
         *(f"2026-09-{day:02},generic,buy,90,40,2000" for day in range(1, 31))],
        headline_claim={"date_basis": "click_date", "click_window_days": 30},
    )  # fmt: skip
    small.feed(
        "portal", "ad_performance", SPEND.format(platform="portal"),
        ["day,account,campaign,cost", "2026-09-05,p1,summer,40"],
    )  # fmt: skip
    small.feed(
        "portal", "claims",
        CLAIMS.format(platform="portal", account="'p1'", basis="impression_date"),
        ["day,campaign,action,click_days,n,amount", "2026-09-05,summer,order_placed,7,2,160"],
        headline_claim={"date_basis": "impression_date", "click_window_days": 7},
    )  # fmt: skip
    small.feed(
        "silent", "ad_performance", SPEND.format(platform="silent"),
        ["day,account,campaign,cost", "2026-09-05,s1,x,5"],
    )  # fmt: skip


def test_l6_a_refund_of_an_order_no_file_knows_is_in_the_ledger_on_its_day(company: SmallCompany):
    assert company.query(
        "select entry_date::varchar, amount from marts.fct_ledger_entries"
        " where entry_type = 'refund' and conversion_id is null order by 1"
    ) == [("2026-09-21", -20), ("2026-09-22", -30)]
    assert "refund" in company.output and "warn" in company.output


def test_l7_a_credit_note_without_an_order_is_an_entry_of_its_own(company: SmallCompany):
    sums = company.query(
        "select report_date::varchar, reconciled_revenue_amount from marts.fct_channel_daily"
        " where channel = '(unobserved)' and report_date = date '2026-09-22'"
    )
    assert sums == [("2026-09-22", 800 - 30)]


def test_s3_bookings_are_conversions_and_each_movement_has_its_own_date(company: SmallCompany):
    found = company.query(
        "select conversion_id, status, net_amount from marts.fct_conversions"
        " where goal = 'stay' order by 1"
    )
    assert [(key.rpartition(":")[2], status, net) for key, status, net in found] == [
        ("B1", "won", 320), ("B2", "cancelled", 0), ("B3", "no_show", 50), ("B4", "won", 500),
    ]  # fmt: skip
    entries = company.query(
        "select conversion_id, entry_date::varchar, amount from marts.fct_ledger_entries"
        " where goal = 'stay' order by 1, 2"
    )
    assert [(key.rpartition(":")[2], day, amount) for key, day, amount in entries] == [
        ("B1", "2026-09-02", 300), ("B1", "2026-09-12", 20),
        ("B2", "2026-09-03", 200), ("B2", "2026-09-08", -200),
        ("B3", "2026-09-04", 150), ("B3", "2026-09-15", -100),
        ("B4", "2026-09-05", 500),
    ]  # fmt: skip


def test_s4_touches_of_files_are_touches_and_take_credit(company: SmallCompany):
    assert company.query("select count(*) from marts.fct_touches") == [(399,)]
    assert company.query(
        "select channel, revenue_amount from marts.fct_attribution"
        " where conversion_id like '%:B1' and model = 'last_non_direct'"
    ) == [("email", 320)]


def test_s6_each_platform_has_its_own_headline_and_unknown_is_null(company: SmallCompany):
    rows = company.query(
        "select platform, sum(spend_amount), sum(claimed_amount), sum(claimed_conversions)"
        " from marts.fct_campaign_daily where platform in ('portal', 'silent')"
        " group by 1 order by 1"
    )
    assert rows == [("portal", 40, 160, 2), ("silent", 5, None, None)]


def test_s9_claims_beside_the_headline_are_reported_with_their_share(company: SmallCompany):
    assert company.query(
        "select sum(claimed_conversions) from marts.fct_platform_claims"
        " where platform = 'maps' and is_headline"
    ) == [(30,)]
    assert "97.5% of what is claimed is not shown" in company.output


def test_s13_a_day_without_orders_in_the_middle_is_reported(company: SmallCompany):
    assert "2026-09-15" in company.output


def test_s15_spend_is_exact_whatever_its_decimals(company: SmallCompany):
    exact = sum(KEYWORD_COSTS)
    for table, column in (("fct_ad_performance_daily", "spend_amount"),
                          ("fct_campaign_daily", "spend_amount")):  # fmt: skip
        found = company.query(
            f"select sum({column}) from marts.{table}"
            " where platform = 'maps' and campaign_id = 'generic'"
        )
        assert found == [(exact,)]


def test_b6_one_order_id_with_two_amounts_costs_that_row(company: SmallCompany):
    assert company.query(
        "select count(*) from marts.fct_conversions where conversion_id like '%:S_'"
    ) == [(3,)]
    used = company.query(
        "select net_amount from marts.fct_conversions where conversion_id like '%:S1'"
    )
    assert used in ([(3199,)], [(1524,)])
    rejected = company.run("rejects", "files").text
    assert "stall_orders.csv row 1" in rejected and "stall_orders.csv row 2" in rejected
    assert company.query(
        "select kind, count(*) from health.fct_set_aside where stream = 'orders'"
        " group by 1 order by 1"
    ) == [("conflict", 1), ("duplicate", 1)]


def test_b10_two_accounts_may_call_a_campaign_alike(company: SmallCompany):
    for table, where in (
        ("fct_campaign_daily", "platform = 'maps' and campaign_id = 'brand'"),
        ("fct_ad_performance_daily", "platform = 'maps' and campaign_id = 'brand'"),
        ("fct_channel_daily", "channel = 'maps_ads' and report_date = date '2026-09-05'"),
    ):
        assert company.query(f"select sum(spend_amount) from marts.{table} where {where}") == [
            (20,)
        ]


def test_b11_claims_without_an_account_take_the_one_the_campaign_has(company: SmallCompany):
    assert company.query(
        "select distinct account_id from marts.fct_campaign_daily"
        " where platform = 'maps' and campaign_id = 'generic'"
    ) == [("a1",)]


def test_row_accounts_close_for_every_stream_and_day(company: SmallCompany):
    rows = company.query("select count(*) from health.fct_row_accounts")
    assert rows[0][0] > 60
    assert (
        company.query(
            "select * from health.fct_row_accounts"
            " where offered_rows <> used_rows + set_aside_rows + superseded_rows"
        )
        == []
    )


def test_a_company_of_files_has_the_signals_its_shapes_allow(company: SmallCompany):
    found = company.query(
        "select signal, dimension, count(*) from health.fct_tracking_signals group by all"
    )
    assert {signal for signal, _, _ in found} == {
        "cancellation_rate_14d", "channel_mix", "claim_amount_ratio", "claim_ratio",
        "event_hour_mix", "field_filled_share", "order_unmapped_spend_share",
        "order_zero_value_share", "orders_per_session", "own_domain_referral_share",
        "payment_referral_share", "refund_rate_7d", "set_aside_share", "unassigned_share",
    }  # fmt: skip
    assert company.query(
        "select signal, sum(numerator), sum(denominator) from health.fct_tracking_signals"
        " where signal in ('claim_ratio', 'refund_rate_7d') and dimension in ('platform', 'source')"
        " and segment in ('maps', 'files') group by 1 order by 1"
    ) == [("claim_ratio", 29, 29 * 8 + 3), ("refund_rate_7d", 0, 22 * 8 + 3 + 4)]


def test_no_personal_data_is_in_the_mart_or_the_messages(company: SmallCompany):
    assert "example.com" not in company.output.lower()
    assert b"example.com" not in Path(company.mart).read_bytes().lower()
