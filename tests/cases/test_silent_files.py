"""Cases of files that lack days, or hold what another file holds too: one company has them all."""

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
REFUNDS = (
    "select _row, id as refund_id, order_id, day as refunded_date, 1 as amount_local,"
    " 'EUR' as currency_code from input"
)
BOOKINGS = (
    "select _row, id as booking_id, day as booked_date, '2026-12-01' as arrival_date,"
    " 100 as amount_local, 'EUR' as currency_code from input"
)
LEADS = "select _row, id as lead_id, day as created_date from input"
TOUCHES = "select _row, id as touch_id, day as touch_date, 'news' as touch_source from input"
#: All days but four in the midst; all but the Sundays; all but the last eight.
GAP = [day for day in SEPTEMBER if not "2026-09-12" <= day <= "2026-09-15"]
NO_SUNDAYS = [day for day in SEPTEMBER if int(day[-2:]) % 7 != 6]
ENDED = [day for day in SEPTEMBER if day <= "2026-09-22"]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("silent"))
    selectors = ("orders", "buy")
    small.goal("sale", *({"source": "files", "selector": name} for name in selectors))
    small.goal("stay", {"source": "files", "selector": "bookings"})
    small.goal("lead", {"source": "files", "selector": "leads"}, tier="weak")
    small.channels.append({"channel": "news", "source": "news"})
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
        ["id,order_id,day", *(f"r{day},{day[-2:]}105,{day}" for day in GAP)],
    )  # fmt: skip
    small.feed("maps", "claims", CLAIMS, ["day,n", *(f"{day},2" for day in GAP)],
               headline_claim={"date_basis": "click_date"})  # fmt: skip
    small.feed("desk", "bookings", BOOKINGS, ["id,day", *(f"b{day},{day}" for day in GAP)])
    small.feed("closed", "bookings", BOOKINGS, [
        "id,day", *(f"c{n}{day},{day}" for day in NO_SUNDAYS for n in range(12))])  # fmt: skip
    small.feed("form", "leads", LEADS, ["id,day", *(f"l{day},{day}" for day in GAP)])
    small.feed("post", "leads", LEADS, ["id,day", *(f"p{day},{day}" for day in ENDED)])
    small.feed("seldom", "leads", LEADS, ["id,day", *(f"s{day},{day}" for day in SEPTEMBER[::3])])
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
    ((segment, rows, observed),) = company.query(
        "select segment, affected_rows, observed from health.fct_gate_results"
        " where check_name like 'assert_no_record_stands_twice%' and verdict = 'warn'"
    )
    assert (segment, rows) == ("sale EUR", 80)
    assert "of the same number, amount and day" in observed


def test_the_mart_is_published(company: SmallCompany):
    assert "gate mart: warn" in company.output and "published" in company.output, company.output
