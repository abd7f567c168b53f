"""Cases that stop something, each with a company of its own."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from cases.small_company import SmallCompany
from cases.test_files_company import ORDERS, SPEND

GOOD_ORDERS = ["id,day,amount", *(f"A{day:02},2026-09-{day:02},100" for day in range(1, 31))]


@pytest.fixture
def small(tmp_path: Path) -> SmallCompany:
    company = SmallCompany(tmp_path)
    company.goal("sale", {"source": "files", "selector": "orders"})
    return company


def test_s1_a_file_whose_spend_is_mostly_rejected_holds(small: SmallCompany):
    """A report with thousands separators, and a select that does not take them out."""
    small.feed("till", "orders", ORDERS, GOOD_ORDERS)
    select = SPEND.format(platform="maps").replace(
        "cost as spend", "impressions, replace(cost, ',', '') as spend"
    )
    rows = ["day,account,campaign,impressions,cost"]
    rows += [f'2026-09-{n % 30 + 1:02},a1,c,"2,{n:03}","1,{n:03}.00"' for n in range(51)]
    rows += [f"2026-09-{n % 30 + 1:02},a1,c,{n},12.50" for n in range(48)]
    small.feed("maps", "ad_performance", select, rows)
    landed = small.land()
    assert landed.code != 0
    assert "51" in landed.text and "98." in landed.text and "impressions" in landed.text
    assert "hold" in landed.text
    small.build()
    small.run("gate")
    small.run("publish")
    assert small.query("select sum(spend_amount) from marts.fct_channel_daily") in (
        [(0,)], [(None,)],
    )  # fmt: skip
    status = small.run("status").text
    assert "98." in status and "impressions" in status
    assert "maps_ad_performance.csv row 1" in small.run("rejects").text


def test_s2_rows_outside_the_window_are_counted_with_their_dates(small: SmallCompany):
    """Three orders written day first, read month first: one would land, two are elsewhere."""
    select = ORDERS.replace("day as", "strptime(day, '%m/%d/%Y')::date as")
    small.feed("till", "orders", ORDERS, [*GOOD_ORDERS, "A00,2026-08-15,100"])
    small.feed(
        "stall", "orders", select,
        ["id,day,amount", "S1,09/09/2026,10", "S2,05/09/2026,10", "S3,10/09/2026,10"],
    )  # fmt: skip
    output = small.publish()
    assert "hold: files.orders (stall)" in output
    assert "2026-05-09" in output and "2026-10-09" in output
    listed = small.run("rejects").text
    assert "2026-05-09" in listed and "2026-10-09" in listed
    accounts = small.query(
        "select sum(outside_rows), sum(offered_rows - used_rows - set_aside_rows - superseded_rows)"
        " from health.fct_row_accounts where stream = 'orders'"
    )
    assert accounts == [(1, 0)]
    assert "2026-05-09" in small.run("status").text


def test_s5_everything_wrong_in_the_company_file_is_listed_at_once(small: SmallCompany):
    small.feed("till", "orders", ORDERS, GOOD_ORDERS)
    small.goal("lost", {"source": "files", "selector": "orderz"})
    small.feeds += [
        {"name": "a", "stream": "orders", "pth": "till_orders.csv", "sql": "till_orders.sql"},
        {"name": "b", "stream": "orders", "path": "till_orders.csv", "sql": "missing.sql"},
    ]
    checked = small.run("check")
    assert checked.code != 0
    for wrong in ("orderz", "pth", "missing.sql"):
        assert wrong in checked.text


def change(small: SmallCompany, select: str) -> None:
    """Rewrite what was landed, behind everybody's back."""
    (file,) = (small.folder / "var/small/landing/files/orders").rglob("*-0000.parquet")
    with duckdb.connect() as con:
        con.execute(f"create table kept as {select.format(file=file)}")
        con.execute(f"copy kept to '{file}' (format parquet, compression zstd)")


@pytest.mark.parametrize(
    "select",
    [
        "select * from '{file}' limit 21",
        "select * replace (amount_local * 100 as amount_local) from '{file}'",
    ],
    ids=["rows removed", "amounts times 100"],
)
def test_s11_a_landed_file_that_was_changed_is_never_built(small: SmallCompany, select: str):
    small.feed("till", "orders", ORDERS, GOOD_ORDERS)
    assert small.land().code == 0
    change(small, select)
    built = small.build()
    assert built.code != 0
    for said in ("-0000.parquet", "expected", "got", "trueup reject", "trueup land files"):
        assert said in built.text


@pytest.mark.parametrize("day", ["2030-01-01", "2026-08-31"])
def test_s14_a_day_outside_history_or_in_the_future_is_refused(small: SmallCompany, day: str):
    small.feed("till", "orders", ORDERS, GOOD_ORDERS)
    landed = small.land(day=day)
    assert landed.code != 0 and "2026-09-01" in landed.text and "landed files" not in landed.text


def test_s7_a_dbt_warning_is_part_of_the_verdict(small: SmallCompany):
    small.goals.clear()
    small.goal("other", {"source": "files", "selector": "stall:orders"})
    small.feed("till", "orders", ORDERS, GOOD_ORDERS)
    small.feed("stall", "orders", ORDERS, ["id,day,amount", "S1,2026-09-02,10"])
    output = small.publish()
    assert "gate mart: warn" in output
    assert "goal" in small.run("status").text
    assert small.query(
        "select count(*) > 0 from health.fct_gate_results where verdict = 'warn'"
    ) == [(True,)]


def test_i1_a_campaign_learnt_later_reaches_all_that_named_it(small: SmallCompany):
    small.channels += [
        {"channel": "promo", "is_paid": True, "platform": "maps", "campaign": ".*promo.*"},
        {"channel": "maps_ads", "is_paid": True, "platform": "maps"},
    ]
    small.feed(
        "till", "orders",
        "select _row, id as order_id, day as ordered_date, amount as amount_local,"
        " 'maps' as platform, campaign as campaign_id, 'EUR' as currency_code from input",
        ["id,day,amount,campaign", "O1,2026-09-02,100,6", "O2,2026-09-03,70,7"],
    )  # fmt: skip
    select = SPEND.format(platform="maps").replace(
        "from input", ", name as campaign_name from input"
    )
    header = "day,account,campaign,cost,name"
    small.feed("maps", "ad_performance", select, [header, "2026-09-02,a1,6,5,spring"])
    small.publish()
    rows = ["2026-09-02,a1,6,5,spring promo", "2026-09-03,a1,7,8,summer promo"]
    small.write("maps_ad_performance.csv", "\n".join([header, *rows]) + "\n")
    small.publish()
    sums = (
        "select channel, sum(spend_amount), sum(reconciled_revenue_amount)"
        " from marts.fct_channel_daily group by 1 having sum(spend_amount) <> 0"
        " or sum(reconciled_revenue_amount) <> 0"
    )
    stepwise = small.query(sums)
    assert stepwise == [("promo", 13, 170)]
    assert small.query("select distinct account_id from marts.fct_attribution") == [("a1",)]
    small.build_file.unlink()
    small.publish()
    assert small.query(sums) == stepwise


def test_s8_a_renamed_action_keeps_its_goal_or_is_reported(small: SmallCompany):
    small.goals["sale"]["mappings"].append({"source": "files", "selector": "Purchase"})
    small.feed("till", "orders", ORDERS, GOOD_ORDERS)
    small.feed(
        "maps", "claims",
        "select _row, 'maps' as platform, 'a1' as account_id, 'c' as campaign_id,"
        " day as claim_date, '77' as action_id, name as action_name, 'click_date' as date_basis,"
        " 'EUR' as currency_code, 1 as claimed_conversions, 50 as claimed_amount_local from input",
        ["day,name", *(f"2026-09-{day:02},Purchase" for day in range(1, 31))],
        headline_claim={"date_basis": "click_date"},
    )  # fmt: skip
    small.publish()
    claimed = "select goal, sum(claimed_conversions) from marts.fct_platform_claims group by 1"
    assert small.query(claimed) == [("sale", 30)]
    days = [f"2026-09-{day:02},Sale (new)" for day in range(1, 31)]
    small.write("maps_claims.csv", "\n".join(["day,name", *days]) + "\n")
    output = small.publish()
    assert small.query(claimed) == [("sale", 30)] or "Purchase" in output
