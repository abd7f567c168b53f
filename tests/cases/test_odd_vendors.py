"""Odd answers of five kinds of system, judged on the marts: one company, one build."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest

from cases import affiliate_programme, booked_hotel, odd_vendors, searched_site, tagged_site
from cases.odd_vendors import DOMAIN, FIRST, LAST, PREFIX
from cases.small_company import SmallCompany
from cases.test_files_company import ORDERS
from cases.vendor_at import answering
from sandbox import keys


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(
        tmp_path_factory.mktemp("odd"), fixed_rates={"USD": 1.10, "GBP": 0.80},
        environment={"TRUEUP_SECRET_AWIN_TOKEN": "t", "TRUEUP_SECRET_ENGINE_KEY": "k"},
    )  # fmt: skip
    small.more["brand_terms"] = ["example"]
    small.goal(
        "sale", {"source": "files", "selector": "orders"}, {"source": "awin", "selector": "sale"}
    )
    small.goal("room", {"source": "cloudbeds", "selector": "reservations"})
    small.channels += [
        {"channel": "affiliate", "is_paid": True, "platform": "awin"},
        {"channel": "agencies", "is_paid": True, "platform": "cloudbeds",
         "campaign_type": "agency"},
    ]  # fmt: skip
    orders = [f"o{number},2026-09-02,100" for number in range(1, 26)]
    small.feed("till", "orders", ORDERS, ["id,day,amount", *orders])
    small.write("sent.jsonl", odd_vendors.log())
    publish(small)
    assert small.mart.exists(), small.output
    return small


def publish(small: SmallCompany) -> None:
    programme, hotel = odd_vendors.programme(), odd_vendors.hotel()
    site, container = odd_vendors.site(), odd_vendors.container()
    with ExitStack() as stack:
        sold, booked, searched, tagged = (
            stack.enter_context(answering(one.answer))
            for one in (programme, hotel, site, container)
        )
        for name, url in (("SEARCH", searched), ("TAGS", tagged)):
            key = keys.service_account(small.folder / "keys", url)
            small.environment[f"TRUEUP_SECRET_{name}_KEY"] = key
        small.sources = {
            "awin": affiliate_programme.entry(sold),
            "cloudbeds": booked_hotel.entry(booked),
            "search_console": searched_site.entry(searched, PREFIX),
            "gtm": tagged_site.entry(tagged),
            "conversions_api": {"options": {"logs": [{"name": "sender", "path": "sent.jsonl"}]}},
        }
        for source in ("awin", "cloudbeds", "search_console", "gtm"):
            small.land(source, FIRST)
        odd_vendors.publish_tags(container)
        small.land("gtm", "2026-09-21")
        programme.today = hotel.today = "2026-10-01"
        small.sources["search_console"] = searched_site.entry(searched, DOMAIN)
        odd_vendors.publish_tags(container)
        small.output = small.publish(LAST)


def spent(company: SmallCompany, platform: str) -> dict[str, Any]:
    return {
        str(day): amount
        for day, amount in company.query(
            "select ad_date, sum(spend_amount) from marts.fct_ad_performance_daily"
            f" where platform = '{platform}' group by 1 having sum(spend_amount) != 0 order by 1"
        )
    }


def test_a_commission_is_spent_on_its_day_whatever_became_of_the_sale(
    company: SmallCompany,
) -> None:
    assert spent(company, "awin") == {
        "2026-09-03": 10,  # amended on two later days
        "2026-09-04": 10,  # declined after it was approved and paid
        "2026-09-07": -3,  # a negative commission
        "2026-09-08": 50,  # a bonus
        "2026-09-10": 10,  # approved, and stamped again on another day
        "2026-09-12": -2,
        "2026-09-15": Decimal("12.5"),  # GBP 10, which the account's total states in EUR
        "2026-09-17": 10,  # of no publisher: unallocated
        "2026-09-25": -10,
        "2026-09-26": -1,
        "2026-09-29": 10,  # declined, then approved
    }


def test_what_the_vendor_calls_a_commission_group_transaction_is_a_sale(
    company: SmallCompany,
) -> None:
    found = company.query(
        "select action, count(*) from marts.fct_affiliate_sales group by 1 order by 1"
    )
    assert found == [("bonus", 1), ("sale", 6)]
    # of the ones that stand, in two currencies
    [claimed] = company.query(
        "select sum(claimed_conversions), sum(claimed_amount) from marts.fct_platform_claims"
        " where platform = 'awin' and action_id = 'sale'"
    )
    assert claimed[0] == 5
    assert company.query(
        "select claimed_conversions, claimed_amount from marts.fct_channel_daily"
        " where channel = 'affiliate' and report_date = '2026-09-02'"
    ) == [claimed]


def test_an_agency_is_known_whoever_collects_the_money(company: SmallCompany) -> None:
    assert spent(company, "cloudbeds") == {"2026-09-06": 15, "2026-09-07": 10}
    assert company.query(
        "select sum(reconciled_revenue_amount) from marts.fct_channel_daily"
        " where channel = 'agencies'"
    ) == [(200,)]


def test_money_of_stays_is_what_moved(company: SmallCompany) -> None:
    found: dict[str, list[Any]] = {}
    for record, amount in company.query(
        "select conversion_id, amount from marts.fct_ledger_entries"
        " where conversion_id like 'cloudbeds:%' order by entry_date"
    ):
        found.setdefault(record.removeprefix("cloudbeds:"), []).append(amount)
    assert found == {
        "deposit back": [50, -50], "entered twice": [80, -80, 100], "in dollars": [100],
        "back again": [100], "Booking.com": [100], "Expedia": [100], "merged": [100],
    }  # fmt: skip
    # a group's payment is of no booking
    assert company.query(
        "select amount from marts.fct_ledger_entries where conversion_id is null"
    ) == [(500,)]
    assert company.query(
        "select count(*) from marts.fct_conversions"
        " where conversion_id = 'cloudbeds:merged' and customer_id is not null"
    ) == [(1,)]


def test_rooms_are_sold_on_the_nights_that_are_booked_now(company: SmallCompany) -> None:
    nights = company.query(
        "select day(stay_date), sold_room_count from marts.fct_rooms_daily"
        " where stay_date >= '2026-09-20' and sold_room_count > 0 order by 1"
    )
    # one of two rooms was cancelled; the stay of the 23rd was moved; what is deleted is none
    assert nights == [(20, 1), (21, 1), (27, 1), (28, 1)]


def test_a_property_that_became_a_domain_counts_once(company: SmallCompany) -> None:
    days = company.query(
        "select distinct organic_clicks, organic_impressions from"
        " (select report_date, sum(organic_clicks) as organic_clicks,"
        " sum(organic_impressions) as organic_impressions from marts.fct_search_daily"
        " where report_date not in ('2026-09-10', '2026-09-11') group by 1)"
    )
    assert days == [(11, 105)]
    [(rows, reason)] = company.query(
        "select sum(row_count), max(reason) from health.fct_set_aside"
        " where source = 'search_console'"
    )
    # nobody waits for days of the property that is named no more
    assert company.query(
        "select account_id from health.fct_freshness where source = 'search_console'"
    ) == [(DOMAIN,)]
    assert rows == 46 and reason == f"counted in {DOMAIN}, which has the same searches"


def test_a_page_is_one_whatever_google_adds_to_its_address(company: SmallCompany) -> None:
    assert company.query(
        "select organic_impressions, organic_clicks from marts.fct_search_daily"
        " where page = 'example.com/room'"
    ) == [(80, 16)]
    assert company.query(
        "select query_class, organic_clicks from marts.fct_search_daily"
        " where page = 'example.com/e' and organic_clicks > 0 order by 1"
    ) == [("anonymised", 1), ("non_brand", 2)]


def test_days_are_not_final_however_the_vendor_spells_it(company: SmallCompany) -> None:
    assert company.query(
        "select min(report_date)::varchar from marts.fct_search_daily where not is_final"
    ) == [("2026-09-29",)]


def test_a_container_tells_what_was_published_alone(company: SmallCompany) -> None:
    found = company.query(
        "select change from health.fct_config_changes"
        " where observed_at = (select max(observed_at) from health.fct_config_changes) order by 1"
    )
    assert [change for (change,) in found] == [
        'account "Site": live version 7 became 9',
        'environment "Live": version 7 became 9',
        'tag "🛒 Purchase" was paused',
    ]


def test_orders_sent_twice_and_amounts_for_readers_are_reported(company: SmallCompany) -> None:
    warned = {
        name for (name,) in company.query(
            "select check_name from health.fct_gate_results where verdict = 'warn'"
        )
    }  # fmt: skip
    assert "An order is sent under several event ids, and the destination counts each of them" in (
        warned
    )
    assert "A currency without an amount that can be read is money the log writes for readers" in (
        warned
    )
    # a log that names no request is not malformed
    assert "unique_grain" not in warned
    assert company.query(
        "select sent_events, accepted_amount, order_amount from marts.fct_server_events_daily"
    ) == [(50, 2500, 2500)]
