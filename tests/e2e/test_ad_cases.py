"""Spend and claims from files, as awkward as they come: one company, built once, case by case."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
import pytest
from pytest import MonkeyPatch

from built import Company
from trueup import pipeline

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
DAYS = [FIRST + timedelta(days=n) for n in range(30)]
#: The day the till forgot.
FORGOTTEN = date(2026, 9, 17)
KEYWORD_ROWS = 11_500
HEADLINES = {
    "by_click": "{date_basis: click_date, click_window_days: 30}",
    "by_view": "{date_basis: impression_date, click_window_days: 7}",
    "mostly_other": "{date_basis: click_date, click_window_days: 30}",
    "renamed": "{date_basis: click_date, click_window_days: 30}",
    "portal": "{date_basis: click_date, click_window_days: 30}",
}

Rows = list[dict[str, Any]]


def spend(platform: str, account: str | None, campaign: str, amount: str, **more: Any) -> Rows:
    return [
        {"platform": platform, "account_id": account, "campaign_id": campaign, "ad_date": FIRST,
         "currency_code": "EUR", "impressions": 100, "clicks": 10, "spend_amount_local": amount}
        | more
    ]  # fmt: skip


def claims(platform: str, basis: str, window: int, conversions: float, **more: Any) -> Rows:
    return [
        {"platform": platform, "campaign_id": "brand", "claim_date": FIRST, "action_id": "Buy",
         "action_name": "Buy", "date_basis": basis, "click_window_days": window,
         "claimed_conversions": conversions, "claimed_amount_local": 100, "currency_code": "EUR"}
        | more
    ]  # fmt: skip


def orders() -> Rows:
    return [
        {"order_id": f"{day:%m%d}-{n}", "ordered_date": day, "amount_local": 10,
         "currency_code": "EUR"}
        for day in DAYS
        if day != FORGOTTEN
        for n in range(12)
    ]  # fmt: skip


def keywords() -> Rows:
    """Many rows with more decimals than a cent has; what they add up to is known exactly."""
    return [
        row
        for n in range(KEYWORD_ROWS)
        for row in spend("keywords", "K", f"c{n % 7}", f"{65 + n % 3}.{n % 1_000_000:06d}",
                         ad_group_id=f"g{n}", ad_date=DAYS[n % 30])
    ]  # fmt: skip


FEEDS: dict[tuple[str, str], Rows] = {
    # B10: two accounts of one platform call a campaign the same
    ("two_accounts", "ad_performance"): spend("listing", "A", "brand", "10")
    + spend("listing", "B", "brand", "10"),
    # B11: claims without the account their campaign has in spend
    ("portal", "ad_performance"): spend("portal", "P", "brand", "5"),
    ("portal", "claims"): claims("portal", "click_date", 30, 2),
    # S6: two platforms, each with a headline of its own, and one with none
    ("by_click", "ad_performance"): spend("by_click", "C", "brand", "5"),
    ("by_click", "claims"): claims("by_click", "click_date", 30, 3),
    ("by_view", "ad_performance"): spend("by_view", "V", "brand", "5"),
    ("by_view", "claims"): claims("by_view", "impression_date", 7, 4),
    ("without", "ad_performance"): spend("without", "W", "brand", "5"),
    ("without", "claims"): claims("without", "click_date", 30, 5),
    ("silent", "ad_performance"): spend("silent", "S", "brand", "5"),
    # S9: forty of forty-one under another window
    ("mostly_other", "claims"): claims("mostly_other", "click_date", 30, 1, campaign_id="a")
    + claims("mostly_other", "click_date", 7, 40, campaign_id="b"),
    ("keywords", "ad_performance"): keywords(),
    # a currency nobody has a rate for
    ("forints", "ad_performance"): spend("forints", "F", "brand", "4000", currency_code="HUF"),
    ("till", "orders"): orders(),
    # an order that names the campaign two accounts have
    ("named", "orders"): [
        {"order_id": "n1", "ordered_date": FIRST, "amount_local": 70, "currency_code": "EUR",
         "platform": "listing", "campaign_id": "brand"}
    ],
}  # fmt: skip
#: A feed whose file was never delivered.
ABSENT = ("absent", "ad_performance")


def renamed(name: str) -> Rows:
    """S8: the action keeps its id."""
    return claims("renamed", "click_date", 30, 6, action_id="77", action_name=name,
                  claim_date=LAST)  # fmt: skip


@dataclass(frozen=True)
class Built:
    """What the build came to: the marts, and the rows each dbt test found."""

    con: duckdb.DuckDBPyConnection
    tests: dict[str, str]

    def one(self, sql: str) -> Any:
        return self.con.execute(sql).fetchone()

    def found(self, test: str) -> list[dict[str, Any]]:
        cursor = self.con.execute(self.tests[test])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write(folder: Path, feed: str, stream: str, rows: Rows) -> None:
    """The feed's file, and the select that takes its columns as they are."""
    with (folder / f"{feed}_{stream}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    names = ", ".join(rows[0])
    (folder / f"{feed}_{stream}.sql").write_text(f"select _row, {names} from input")


def headline(feed: str, stream: str) -> str:
    has_one = stream == "claims" and feed in HEADLINES
    return f", headline_claim: {HEADLINES[feed]}" if has_one else ""


def describe(folder: Path) -> Path:
    feeds = "".join(
        f"        - {{name: {feed}, stream: {stream}, path: {feed}_{stream}.csv,"
        f" sql: {feed}_{stream}.sql{headline(feed, stream)}}}\n"
        for feed, stream in [*FEEDS, ("renamed", "claims"), ABSENT]
    )
    file = folder / "company.yml"
    file.write_text(
        dedent("""
            name: cases
            title: Cases
            reporting: {time_zone: UTC, currency: EUR}
            history: {start: 2026-09-01, end: 2026-09-30}
            sources:
              files:
                options:
                  feeds:
            FEEDS
            goals:
              sale:
                tier: strong
                counts_as_revenue: true
                mappings:
                  - {source: files, selector: orders}
                  - {source: files, selector: Buy}
                  - {source: files, selector: Purchase}
                  - {source: files, selector: omni_purchase}
            channels:
              - {channel: listings, is_paid: true, platform: listing}
              - {channel: ads, is_paid: true, medium: cpc}
            """).replace("FEEDS", feeds)
    )
    return file


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("cases")
    for (feed, stream), rows in FEEDS.items():
        write(folder, feed, stream, rows)
    state = folder / "var"
    file = describe(folder)
    environment = {"TRUEUP_HOME": str(state), "TRUEUP_COMPANY": str(file)}
    yield Company(state, file, LAST.isoformat(), environment)


@pytest.fixture(scope="module")
def built(company: Company) -> Iterator[Built]:
    with MonkeyPatch.context() as patch:
        company.enter(patch)
        for name in ("Purchase", "Bought"):
            write(company.company_file.parent, "renamed", "claims", renamed(name))
            failed = pipeline.land("files", company.day).failed
            assert [(one.account, one.stream) for one in failed] == [ABSENT]
        pipeline.build(company.day)
    state = company.home / "cases"
    results = json.loads((state / "dbt" / "run_results.json").read_text())["results"]
    tests = {
        entry["unique_id"].split(".")[2]: entry["compiled_code"]
        for entry in results
        if entry["unique_id"].startswith("test.")
    }
    with duckdb.connect(str(state / "build.duckdb"), read_only=True) as con:
        yield Built(con, tests)


def test_one_campaign_id_in_two_accounts_costs_what_both_cost(built: Built):
    sums = (
        "select sum(spend_amount) from marts.fct_ad_performance_daily where platform = 'listing'",
        "select sum(spend_amount) from marts.fct_campaign_daily where platform = 'listing'",
        "select sum(spend_amount) from marts.fct_channel_daily where channel = 'listings'",
    )
    assert [built.one(sql)[0] for sql in sums] == [Decimal(20)] * 3
    assert built.one(
        "select count(*) from marts.fct_campaign_daily as daily"
        " inner join marts.dim_campaign as dim using (platform, account_id, campaign_id)"
        " where platform = 'listing' and dim.is_current and daily.spend_amount > 0"
    ) == (2,)


def test_money_of_a_campaign_two_accounts_have_is_in_its_channel(built: Built):
    assert built.one(
        "select daily.account_id, daily.channel, dim.campaign_name, daily.reconciled_revenue_amount"
        " from marts.fct_campaign_daily as daily"
        " inner join marts.dim_campaign as dim using (platform, account_id, campaign_id)"
        " where daily.platform = 'listing' and daily.reconciled_revenue_amount <> 0"
    ) == ("(unknown)", "listings", "(unknown)", Decimal(70))


def test_what_one_feed_lacks_is_named_in_the_mart(built: Built):
    assert built.con.execute(
        "select stream, account_id, first_date, last_date, day_count from health.fct_missing_days"
    ).fetchall() == [("ad_performance", "absent", FIRST, LAST, len(DAYS))]
    assert built.one(
        "select distinct missing_accounts, is_stale from marts.fct_campaign_daily"
        " where report_date = date '2026-09-05'"
    ) == ("files absent", True)
    assert built.one("select bool_and(is_stale) from marts.fct_channel_daily") == (True,)


def test_a_claim_without_an_account_stands_in_its_campaigns(built: Built):
    assert built.con.execute(
        "select account_id, spend_amount, claimed_conversions, claimed_roas"
        " from marts.fct_campaign_daily where platform = 'portal'"
    ).fetchall() == [("P", Decimal(5), Decimal(2), Decimal(20))]


@pytest.mark.parametrize(
    ("platform", "claimed"),
    [("by_click", (3, 20)), ("by_view", (4, 20)), ("without", (None, None)),
     ("silent", (None, None))],
)  # fmt: skip
def test_each_platform_has_its_own_headline_and_what_is_not_known_is_null(
    built: Built, platform: str, claimed: tuple[Any, Any]
):
    assert claimed == built.one(
        "select claimed_conversions, claimed_roas from marts.fct_campaign_daily"
        f" where platform = '{platform}' and report_date = '{FIRST}'"
    )


def test_a_platform_without_a_headline_is_named(built: Built):
    (row,) = built.found("assert_every_claimed_goal_has_a_headline")
    assert (row["segment"], row["claimed_conversions"]) == ("without W sale", 5)
    assert row["since_date"] == FIRST


def test_claims_keep_their_goal_when_their_action_is_renamed(built: Built):
    assert built.one(
        "select action_name, goal, is_headline from marts.fct_platform_claims"
        " where platform = 'renamed'"
    ) == ("Bought", "sale", True)


def test_selectors_nothing_is_called_by_are_named_with_what_is(built: Built):
    found = {row["segment"]: row for row in built.found("assert_every_mapped_action_is_claimed")}
    assert set(found) == {"files Purchase", "files omni_purchase"}
    assert found["files Purchase"]["unmapped_actions"] == "Bought (6)"
    assert found["files omni_purchase"]["since_date"] is None


def test_most_of_a_goals_claims_under_another_definition_is_a_warning(built: Built):
    (row,) = built.found("assert_most_claims_of_a_goal_are_headline")
    assert row["segment"] == "mostly_other (unknown) sale"
    assert (row["headline_conversions"], row["other_conversions"]) == (1, 40)
    assert row["observed"].startswith("97.6% of what is claimed")


def test_a_forgotten_day_of_orders_is_named(built: Built):
    (row,) = built.found("assert_no_day_of_orders_is_missing")
    assert (row["segment"], row["since_date"]) == ("files till", FORGOTTEN)
    assert row["observed"].startswith(f"1 day without orders, {FORGOTTEN} to {FORGOTTEN}; ")
    assert row["affected_rows"] == row["expected_orders_a_day"] > 0
    assert row["affected_amount_local"] > 0 and row["currency_code"] == "EUR"


@pytest.mark.parametrize(
    "sql",
    [
        "select sum(spend_amount) from marts.fct_ad_performance_daily where platform = 'keywords'",
        "select sum(spend_amount) from marts.fct_campaign_daily where platform = 'keywords'",
    ],
)
def test_spend_is_exact_to_the_last_decimal(built: Built, sql: str):
    total = sum(Decimal(row["spend_amount_local"]) for row in FEEDS["keywords", "ad_performance"])
    assert built.one(sql) == (total,)
    assert total != round(total, 2)


def test_spend_without_a_rate_keeps_its_own_currency_and_is_listed(built: Built):
    assert built.one(
        "select spend_amount_local, spend_amount from marts.fct_ad_performance_daily"
        " where platform = 'forints'"
    ) == (Decimal(4000), None)
    assert built.one(
        "select spend_amount, clicks from marts.fct_campaign_daily where platform = 'forints'"
    ) == (None, 10)
    assert built.con.execute(
        "select record_id, reason, amount_local, set_aside_rows"
        " from intermediate.int_ads__set_aside"
    ).fetchall() == [("forints/F/brand", "no exchange rate for HUF", Decimal(4000), 1)]


@pytest.mark.parametrize("stream", ["ad_performance", "claims"])
def test_every_row_is_used_or_set_aside(built: Built, stream: str):
    offered = sum(len(rows) for (_, name), rows in FEEDS.items() if name == stream)
    offered += len(renamed("Bought")) if stream == "claims" else 0
    used, aside = (
        built.one(
            f"select coalesce(sum({column}), 0) from intermediate.{model}"
            f" where source = 'files' and stream = '{stream}'"
        )[0]
        for column, model in (
            ("used_rows", "int_ads__row_uses"),
            ("set_aside_rows", "int_ads__set_aside"),
        )
    )
    assert used + aside == offered
