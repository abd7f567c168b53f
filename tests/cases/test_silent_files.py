"""Cases of files that lack days, hold what another file holds too, or name what nobody knows."""

from __future__ import annotations

import pytest

from cases.small_company import SmallCompany
from cases.test_files_company import SEPTEMBER

ORDERS = (
    "select _row, id as order_id, day as ordered_date, amount as amount_local,"
    " 'EUR' as currency_code from input"
)
CLAIMS = (
    "select _row, 'maps' as platform, 'a' as account_id, 'c' as campaign_id, day as claim_date,"
    " 'buy' as action_id, 'click_date' as date_basis, 'EUR' as currency_code,"
    " n as claimed_conversions from input"
)
SPEND = (
    "select _row, 'maps' as platform, 'a' as account_id, 'c' as campaign_id, day as ad_date,"
    " ad as ad_id, cost as spend_amount_local, 'EUR' as currency_code from input"
)
REFUNDS = (
    "select _row, id as refund_id, order_id, day as refunded_date, 1 as amount_local,"
    " 'EUR' as currency_code from input"
)
DEALS = (
    "select _row, id as deal_id, day as won_date, 900 as amount_local, 'EUR' as currency_code"
    " from input"
)
BOOKINGS = (
    "select _row, id as booking_id, day as booked_date, '2026-12-01' as arrival_date,"
    " 100 as amount_local, 'EUR' as currency_code from input"
)
LEADS = "select _row, id as lead_id, day as created_date, who as person_id from input"
CLICKS = (
    "select _row, id as order_id, '2026-09-09' as ordered_date, 50 as amount_local,"
    " 'EUR' as currency_code, click as click_id, kind as click_id_kind from input"
)
TOUCHES = "select _row, id as touch_id, day as touch_date, 'news' as touch_source from input"
#: All days but four in the midst; all but the Sundays; all but the last eight.
GAP = [day for day in SEPTEMBER if not "2026-09-12" <= day <= "2026-09-15"]
#: Of each order: its click id and what its file calls the kind, and the channel it is credited to.
CLICKED = {
    "K1": ("Cj0K1", "GCLID", "paid_search"), "K2": ("Cj0K2", " gclid ", "paid_search"),
    "K3": ("Cj0K3", "google click id", "paid_search"), "K4": ("Cj0K4", "Google", "paid_search"),
    "K5": ("fb.1.1694000000.IwAR0", "fbc", "paid_social"), "K6": ("I6", "facebook", "paid_social"),
    "K7": ("undefined", "gclid", None), "K8": ("(not set)", "gclid", None),
    "K9": ("null", "fbclid", None), "K10": ("Cj0K10", "", None),
}  # fmt: skip
NO_SUNDAYS = [day for day in SEPTEMBER if int(day[-2:]) % 7 != 6]
ENDED = [day for day in SEPTEMBER if day <= "2026-09-22"]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("silent"))
    selectors = ("orders", "buy")
    small.goal("sale", *({"source": "files", "selector": name} for name in selectors))
    small.goal("stay", {"source": "files", "selector": "bookings"})
    small.goal("contract", {"source": "files", "selector": "deals"})
    small.goal("lead", {"source": "files", "selector": "leads"}, tier="weak")
    small.channels += [
        {"channel": "news", "source": "news"},
        {"channel": "paid_search", "is_paid": True, "click_id_kind": "gclid"},
        {"channel": "paid_social", "is_paid": True, "click_id_kind": "fbclid"},
    ]
    clicks = [f"{id},{click},{kind}" for id, (click, kind, _) in CLICKED.items()]
    small.feed("ads", "orders", CLICKS, ["id,click,kind", *clicks])
    week = [f"w{n}{day},{day},{n}.5" for day in NO_SUNDAYS for n in range(12)]
    small.feed("week", "orders", ORDERS, ["id,day,amount", *week])
    orders = [f"{day[-2:]}{n},{day},{20 + n}" for day in SEPTEMBER for n in range(100, 108)]
    small.feed("till", "orders", ORDERS, ["id,day,amount", *orders])
    # the same export under another name, which writes the number as #1234
    small.feed("web", "orders", ORDERS, ["id,day,amount", *(f"#{row}" for row in orders[::3])])
    # another shop that numbers alike
    small.feed(
        "stall", "orders", ORDERS,
        ["id,day,amount", *(f"9{n},{SEPTEMBER[-n % 30]},{n % 7 + 1}" for n in range(100, 400))],
    )  # fmt: skip
    small.feed(
        "bank", "refunds", REFUNDS,
        ["id,order_id,day", *(f"r{day},{day[-2:]}105,{day}" for day in GAP),
         "r,OLD-7,2026-09-20", "credit,,2026-09-20", "d,D-77,2026-09-21"],
    )  # fmt: skip
    small.feed("contracts", "deals", DEALS, ["id,day", "D-77,2026-09-10"])
    # the same refunds as the payment service lists them
    service = [f"re_{day},{day[-2:]}105,{day}" for day in GAP[:20:2]]
    small.feed("service", "refunds", REFUNDS, ["id,order_id,day", *service])
    small.feed("maps", "claims", CLAIMS, ["day,n", *(f"{day},2" for day in GAP)],
               headline_claim={"date_basis": "click_date"})  # fmt: skip
    small.feed("copy", "claims", CLAIMS, ["day,n", *(f"{day},2" for day in GAP)],
               headline_claim={"date_basis": "click_date"})  # fmt: skip
    # what the ads of a campaign cost, the same by campaign
    ads = [f"{day},{ad},{int(day[-2:])}.50" for day in GAP for ad in ("x", "y")]
    small.feed("by_ad", "ad_performance", SPEND, ["day,ad,cost", *ads])
    small.feed("by_campaign", "ad_performance", SPEND.replace("ad as ad_id", "null as ad_id"),
               ["day,cost", *(f"{day},{2 * int(day[-2:]) + 1}" for day in GAP[:10])])  # fmt: skip
    # two countries of another campaign, each with its own part
    other = SPEND.replace("'c' as", "'d' as").replace("'a' as", "'b' as")
    for country, cost in (("spain", 3), ("italy", 5)):
        days = [f"{day},{country},{cost + int(day[-2:]) % 4}" for day in GAP]
        small.feed(country, "ad_performance", other, ["day,ad,cost", *days])
    small.feed("desk", "bookings", BOOKINGS, ["id,day", *(f"b{day},{day}" for day in GAP)])
    small.feed("closed", "bookings", BOOKINGS, [
        "id,day", *(f"c{n}{day},{day}" for day in NO_SUNDAYS for n in range(12))])  # fmt: skip
    small.feed("form", "leads", LEADS, ["id,day,who", *(f"l{day},{day},l{day}" for day in GAP)])
    small.feed("post", "leads", LEADS, ["id,day,who", *(f"p{day},{day},p{day}" for day in ENDED)])
    # what the form sent, as the CRM lists it
    small.feed("crm", "leads", LEADS, [
        "id,day,who", *(f"c{day},{day},L{day}" for day in GAP[::2])])  # fmt: skip
    small.feed(
        "visits", "touches", TOUCHES,
        ["id,day", *(f"t{n}{day},{day}" for day in GAP for n in range(9))],
    )  # fmt: skip
    small.output = small.publish()
    return small


def test_days_that_a_file_lacks_in_the_midst_or_since_a_week_are_reported(company: SmallCompany):
    found = company.query(
        "select signal, segment, since_date::varchar, observed from health.fct_gate_results"
        " where check_name like 'assert_no_day_of_a_file%' and verdict = 'warn' order by all"
    )
    assert [row[:3] for row in found] == [
        ("bookings", "files desk", "2026-09-12"),
        ("claims", "files maps a", "2026-09-12"),
        ("leads", "files form", "2026-09-12"),
        ("leads", "files post", "2026-09-23"),
        ("refunds", "files bank", "2026-09-12"),
        ("touches", "files visits", "2026-09-12"),
    ]
    assert "4 days without a row, 2026-09-12 to 2026-09-15" in found[0][3]


def test_orders_that_two_feeds_list_under_one_number_are_reported(company: SmallCompany):
    leads, orders = findings(company, "assert_no_record_stands_twice")
    assert orders[:2] == ("sale EUR", 80) and "of the same number, amount and day" in orders[2]
    assert leads[:2] == ("lead", 13) and "of the same person, amount and day" in leads[2]


def test_refunds_that_two_feeds_list_of_the_same_orders_are_reported(company: SmallCompany):
    ((segment, rows, observed),) = findings(company, "assert_no_refund_stands_twice")
    assert (segment, rows) == ("files bank service", 10)
    assert "10 records were given back the same by both" in observed


def test_a_refund_that_names_a_deal_is_taken_from_it(company: SmallCompany):
    entry = company.query(
        "select conversion_id, goal, amount_local from marts.fct_ledger_entries"
        " where entry_id = 'files:refund:bank:d'"
    )
    deal = company.query(
        "select gross_amount, net_amount from marts.fct_conversions"
        " where conversion_id = 'files:deal:contracts:D-77'"
    )
    assert entry == [("files:deal:contracts:D-77", "contract", -1)] and deal == [(900, 899)]


def test_claims_that_two_feeds_state_are_reported(company: SmallCompany):
    ((segment, rows, observed),) = findings(company, "assert_no_two_feeds_claim_the_same")
    assert (segment, rows) == ("maps", 26)
    assert "feeds copy and maps both state 26 rows of one ad and day" in observed


def test_spend_that_two_feeds_state_is_reported(company: SmallCompany):
    ((segment, rows, observed),) = findings(company, "assert_no_two_feeds_state_the_same_spend")
    assert (segment, rows) == ("maps a", 10)
    assert "feeds by_ad and by_campaign both state the spend of 10 days of campaigns" in observed


def test_a_refund_that_names_an_order_no_file_has_is_reported(company: SmallCompany):
    ((segment, rows, _),) = findings(company, "assert_every_entry_has_a_conversion")
    assert (segment, rows) == ("files refund", 2)  # the credit note is counted with it


@pytest.mark.parametrize("order", CLICKED)
def test_a_click_is_of_the_platform_whatever_its_kind_is_called(company: SmallCompany, order: str):
    found = company.query(
        "select channel from marts.fct_attribution where model = 'last_non_direct'"
        f" and conversion_id = 'files:ads:{order}'"
    )
    assert found == [(channel,) for channel in CLICKED[order][2:] if channel]


def test_a_click_id_without_a_kind_is_reported(company: SmallCompany):
    found = findings(company, "assert_every_click_id_is_of_a_known_kind")
    assert [row[:2] for row in found] == [("file_record without a kind", 1)]


def test_a_shop_that_is_closed_on_sundays_is_not_silent(company: SmallCompany):
    assert findings(company, "assert_no_day_of_orders_is_missing") == []


def findings(company: SmallCompany, check: str) -> list[tuple[str, int, str]]:
    return company.query(
        "select segment, affected_rows, observed from health.fct_gate_results"
        f" where check_name like '{check}%' and verdict = 'warn' order by all"
    )


def test_the_mart_is_published(company: SmallCompany):
    assert "gate mart: warn" in company.output and "published" in company.output, company.output
