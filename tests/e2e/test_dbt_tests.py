"""Every dbt test of the project has been seen to fail: what each one guards is broken in turn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from built import PROJECT, Company

FOLDER = PROJECT / "dbt_project" / "tests"
FIRST = "rowid = (select min(rowid) from {t})"
#: Test -> the table that is spoilt, and how.
MUTATIONS: dict[str, tuple[str, str]] = {
    "assert_spend_equals_account_control_total": (
        "marts.fct_ad_performance_daily",
        "update {t} set spend_amount_local = spend_amount_local + 0.000001 where rowid ="
        " (select min(rowid) from {t} where platform = 'google_ads' and spend_amount_local > 0)",
    ),
    "assert_every_day_of_spend_has_a_control_total": (
        "intermediate.shape_account_spend",
        "delete from {t} where platform = 'google_ads'"
        " and ad_date = (select max(ad_date) from {t} where platform = 'google_ads')",
    ),
    "assert_no_account_hides_spend": (
        "marts.fct_ad_performance_daily",
        "update {t} set spend_amount_local = 1000 where allocation = 'unallocated in account'",
    ),
    "assert_spend_is_of_the_scale_of_what_came_in": (
        "marts.fct_ad_performance_daily",
        "update {t} set spend_amount = 1000000 * spend_amount where platform = 'meta_ads'",
    ),
    "assert_every_spend_and_claim_with_a_rate_is_converted": (
        "marts.fct_platform_claims",
        "update {t} set claimed_amount = null where claimed_amount_local > 0",
    ),
    "assert_headline_claims_have_one_definition": (
        "marts.fct_platform_claims",
        "insert into {t} select * replace (99 as click_window_days) from {t} where is_headline",
    ),
    "assert_every_claimed_goal_has_a_headline": (
        "marts.fct_platform_claims",
        "update {t} set is_headline = false where goal = 'shop_order' and platform = 'meta_ads'",
    ),
    "assert_most_claims_of_a_goal_are_headline": (
        "marts.fct_platform_claims",
        "update {t} set is_headline = false where goal = 'shop_order' and platform = 'meta_ads'"
        " and claim_date < (select max(claim_date) from {t} where is_headline"
        " and goal = 'shop_order' and platform = 'meta_ads')",
    ),
    "assert_every_mapped_action_is_claimed": (
        "intermediate.int_claims__actions",
        "update {t} set action_id = 'bought', action_name = 'bought'"
        " where action_id = 'omni_purchase'",
    ),
    "assert_events_are_worth_what_their_orders_are": (
        "intermediate.int_events__conversions",
        "update {t} set amount = 100 * amount where hash(event_key) % 4 > 0",
    ),
    "assert_every_mapped_event_is_seen": (
        "company.goal_mappings",
        "update {t} set selector = 'Purchase' where source = 'ga4' and selector = 'purchase'",
    ),
    "assert_every_action_of_a_feed_has_a_goal": (
        "intermediate.int_claims__actions",
        "update {t} set feed = 'export', goal = null where action_id = 'omni_purchase'",
    ),
    "assert_claim_versions_do_not_overlap": (
        "intermediate.int_claims__versions",
        f"update {{t}} set valid_to = valid_from where {FIRST}",
    ),
    "assert_accounts_are_set_as_the_company_says": (
        "company.accounts",
        "update {t} set time_zone = 'Asia/Tokyo' where source = 'meta_ads'",
    ),
    "assert_every_visit_and_campaign_has_a_channel": (
        "intermediate.int_campaigns__channels",
        f"update {{t}} set channel = '(unmapped)' where {FIRST}",
    ),
    "assert_what_is_declared_retargeting_exists": (
        "company.retargeting",
        "insert into {t} values (9, 'meta_ads', '120210000000000005x', null, null)",
    ),
    "assert_every_channel_is_listed": (
        "marts.fct_touches",
        f"update {{t}} set channel = 'paid search' where {FIRST}",
    ),
    "assert_no_day_of_orders_is_missing": (
        "intermediate.shape_orders",
        "delete from raw_shopify.order_days;"
        " insert into {t} select one.* replace (record_id || '-' || n as record_id, ordered_at"
        " + to_days(n::integer) as ordered_at)"
        " from (select * from {t} order by ordered_at limit 1) as one, range(1, 31) as days (n);"
        " delete from {t} where ordered_at::date = (select min(ordered_at)::date + 20 from {t})",
    ),
    "assert_no_day_of_a_file_is_missing": (
        "intermediate.shape_leads",
        "insert into {t} select one.* replace ('files' as source, created_at + to_days(n::integer)"
        " as created_at)"
        " from (select * from {t} order by created_at limit 1) as one, range(1, 31) as days (n);"
        " delete from {t} where source = 'files' and created_at::date in"
        " (select min(created_at)::date + unnest([12, 13]) from {t} where source = 'files')",
    ),
    "assert_every_click_id_is_of_a_known_kind": (
        "intermediate.int_touches__from_records",
        "update {t} set click_id = 'x', click_id_kind = 'adclick'",
    ),
    "assert_no_two_feeds_claim_the_same": (
        "intermediate.shape_claims",
        "create table intermediate.stated as select * replace ('files' as source, 'one' as feed)"
        " from {t} where is_current; drop view {t}; create table {t} as from intermediate.stated"
        " union all select * replace ('two' as feed) from intermediate.stated",
    ),
    "assert_no_two_feeds_state_the_same_spend": (
        "intermediate.shape_ad_performance",
        "create table intermediate.spent as select * replace ('one' as feed) from {t};"
        " drop table {t}; create table {t} as from intermediate.spent"
        " union all select * replace ('two' as feed) from intermediate.spent",
    ),
    "assert_no_refund_stands_twice": (
        "intermediate.shape_order_money",
        "insert into {t} select * replace ('service' as account_id, entry_id || '2' as entry_id)"
        " from {t} where entry_type = 'refund'",
    ),
    "assert_no_record_was_deleted": (
        "health.fct_set_aside",
        "insert into {t} by name select 'shopify' as source, 'orders' as stream, 'build' as set_by,"
        " 'deleted' as kind, '1' as position_or_record, through_date as day, 9 as amount_local"
        " from trueup.build",
    ),
    "assert_what_was_given_back_has_an_amount": (
        "health.fct_set_aside",
        "insert into {t} by name select 'shopify' as source, 'orders' as stream, 'build' as set_by,"
        " 'no amount' as kind, '1' as position_or_record",
    ),
    "assert_no_day_of_spend_is_missing": (
        "intermediate.shape_ad_performance",
        "delete from intermediate.shape_account_spend where platform = 'google_ads';"
        " delete from {t} where platform != 'google_ads';"
        " insert into {t} select one.* replace (ad_date + n::integer as ad_date)"
        " from (select * from {t} order by ad_date desc limit 1) as one, range(1, 31) as days (n);"
        " delete from {t} where ad_date = (select max(ad_date) - 15 from {t})",
    ),
    "assert_headline_actions_bear_names_of_their_own": (
        "marts.fct_platform_claims",
        "update intermediate.int_claims__actions set mapped_by = 'name';"
        " insert into {t} select * replace (action_id || '2' as action_id) from {t}"
        " where is_headline and goal = 'shop_order' and platform = 'meta_ads'",
    ),
    "assert_headline_actions_count_different_conversions": (
        "marts.fct_platform_claims",
        "insert into {t} select * replace (action_id || '2' as action_id) from {t}"
        " where is_headline and goal = 'shop_order' and platform = 'meta_ads'",
    ),
    "assert_exchange_rates_move_little": (
        "raw_fx_rates.rates",
        "update {t} set units_per_base = 1.2 * units_per_base"
        " where rate_date = (select max(rate_date) from {t})",
    ),
    "assert_currencies_are_of_one_scale": (
        "intermediate.int_conversions__records",
        "update {t} set currency_code = 'JPY', gross_amount = 100 * gross_amount"
        " where record_type = 'order' and hash(conversion_id) % 4 = 0",
    ),
    "assert_identifiers_are_of_one_person": (
        "intermediate.int_customers__shared_keys",
        "insert into {t} by name select customer_key from intermediate.int_conversions__recorded"
        " where customer_key is not null and is_due order by conversion_date desc limit 1",
    ),
    "assert_every_amount_has_an_exchange_rate": (
        "intermediate.int_ads__set_aside",
        "insert into {t} by name select 'google_ads' as source, 'ad_performance' as stream,"
        " date '2026-09-01' as day, 'no rate' as kind, 'no exchange rate for HUF' as reason,"
        " 'HUF' as currency_code, 4000 as amount_local, 1 as set_aside_rows",
    ),
    "assert_every_conversion_has_a_goal": (
        "intermediate.int_conversions__records",
        f"update {{t}} set goal = '(unmapped)' where {FIRST}",
    ),
    "assert_every_entry_has_a_conversion": (
        "marts.fct_ledger_entries",
        "update company.settings set history_start = history_start - 300;"
        " update {t} set conversion_id = null where entry_type = 'refund'",
    ),
    "assert_no_money_goes_back_before_it_came": (
        "marts.fct_ledger_entries",
        "update {t} set entry_date = entry_date - 400 where entry_type = 'refund'",
    ),
    "assert_no_more_goes_back_than_came": (
        "marts.fct_ledger_entries",
        "update {t} set amount_local = 9 * amount_local where entry_type = 'refund'",
    ),
    "assert_no_record_stands_twice": (
        "intermediate.int_conversions__records",
        "insert into intermediate.int_conversions__recorded select * replace ("
        " source || ':W' || record_id as conversion_id, 'W' || record_id as record_id)"
        " from intermediate.int_conversions__recorded where record_type = 'order';"
        " insert into {t} select * replace (replace(conversion_id, ':', ':W') as conversion_id)"
        " from {t} where record_type = 'order'",
    ),
    "assert_every_won_deal_has_an_amount": (
        "intermediate.int_deals__outcomes",
        "update {t} set amount_local = 0",
    ),
    "assert_every_deal_stage_has_a_meaning": (
        "intermediate.int_deals__outcomes",
        f"update {{t}} set is_unknown = true where {FIRST}",
    ),
    "assert_every_stage_of_the_company_file_exists": (
        "company.crm_stages",
        "insert into {t} values ('hubspot', 'misspelt', 'won')",
    ),
    "assert_no_won_deal_is_deleted": (
        "intermediate.shape_deals",
        "update {t} set deleted_at = timestamptz '2026-09-14 10:00:00+00'"
        " where record_id in (select deal_record_id from intermediate.int_deals__outcomes"
        " where outcome = 'won')",
    ),
    "assert_no_deal_is_won_twice": (
        "intermediate.int_deals__outcomes",
        "update {t} set amount_local = 1, currency_code = 'EUR', taken_back_at = null,"
        " sold_at = timestamptz '2026-09-14 10:00:00+00' where outcome = 'won';"
        " update intermediate.shape_deals set customer_key = 'one', selector = 'one'",
    ),
    "assert_attribution_adds_up_to_conversions": (
        "marts.fct_attribution",
        f"update {{t}} set revenue_amount = revenue_amount + 0.01 where {FIRST}",
    ),
    "assert_path_models_share_out_what_came_in": (
        "marts.fct_channel_attribution",
        f"update {{t}} set conversions = conversions + 0.000000001 where {FIRST}",
    ),
    "assert_reconciled_revenue_balances": (
        "marts.fct_ledger_entries",
        f"update {{t}} set amount_local = amount_local + 0.01 where {FIRST}",
    ),
    "assert_goals_add_up_to_campaigns_and_channels": (
        "marts.fct_goal_daily",
        "update {t} set claimed_conversions = claimed_conversions + 0.000001 where rowid ="
        " (select min(rowid) from marts.fct_goal_daily where claimed_conversions is not null)",
    ),
    "assert_funnel_adds_up": (
        "marts.fct_landing_page_daily",
        f"update {{t}} set sessions = sessions + 1 where {FIRST}",
    ),
    "assert_reconciliation_adds_up": (
        "marts.fct_reconciliation_daily",
        "update {t} set unseen_conversions = unseen_conversions + 0.000001 where rowid ="
        " (select min(rowid) from {t} where claimed_conversions is not null)",
    ),
    "assert_money_of_a_gap_is_of_conversions": (
        "marts.fct_reconciliation_daily",
        "update {t} set unexplained_amount = unexplained_amount + 1,"
        " valuation_amount = valuation_amount - 1 where rowid ="
        " (select min(rowid) from {t} where unexplained_amount = 0)",
    ),
    "assert_credit_between_campaigns_cancels_out": (
        "marts.fct_reconciliation_daily",
        "update {t} set other_campaigns_conversions = other_campaigns_conversions + 0.01,"
        " unseen_conversions = unseen_conversions - 0.01 where rowid ="
        " (select min(rowid) from {t} where claimed_conversions is not null)",
    ),
    "assert_tied_records_are_of_one_customer": (
        "intermediate.int_customers__keys",
        "update {t} set customer_id = 'another', journey_id = (select min(journey_id) from {t})"
        " where rowid = (select max(rowid) from {t})",
    ),
    "assert_every_landed_feed_is_listed": (
        "trueup.unlisted_feeds",
        "insert into {t} select source, stream, account from trueup.current_days"
        " where source = 'shopify' and stream = 'orders' limit 1",
    ),
    "assert_row_accounts_close": (
        "trueup.raw_days",
        "update {t} set row_count = row_count - 1",
    ),
    "assert_row_accounts_of_witnesses_close": (
        "trueup.raw_days",
        "update {t} set row_count = row_count - 1",
    ),
}


@dataclass(frozen=True)
class Mutable:
    """A build of its own to spoil, and the compiled SQL of the project's tests."""

    con: duckdb.DuckDBPyConnection
    sql: dict[str, str]

    def rows(self, test: str) -> int:
        row = self.con.execute(f"select count(*) from ({self.sql[test]})").fetchone()
        assert row
        return int(row[0])


@pytest.fixture(scope="module")
def mutable(built_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mutable]:
    copy = built_company.copy_to(tmp_path_factory.mktemp("mutable"))
    results = json.loads((copy.place.dbt / "run_results.json").read_text("utf-8"))["results"]
    sql = {
        entry["unique_id"].split(".")[2]: entry["compiled_code"]
        for entry in results
        if entry["unique_id"].startswith("test.")
    }
    with duckdb.connect(str(copy.place.build_file)) as con:
        yield Mutable(con, sql)


@pytest.mark.parametrize("test", sorted(path.stem for path in FOLDER.glob("assert_*.sql")))
def test_what_a_dbt_test_guards_can_break(mutable: Mutable, test: str):
    assert mutable.rows(test) == 0
    table, statements = MUTATIONS[test]
    mutable.con.execute("begin")
    try:
        mutable.con.execute(statements.replace("{t}", table))
        assert mutable.rows(test) > 0
    finally:
        mutable.con.execute("rollback")


def test_payments_for_orders_from_before_the_history_are_what_a_beginning_looks_like(
    mutable: Mutable,
):
    test, sales = "assert_every_entry_has_a_conversion", "entry_type = 'sale'"
    mutable.con.execute("begin")
    try:
        forget = "update marts.fct_ledger_entries set conversion_id = null where"
        mutable.con.execute(f"{forget} {sales} and hash(entry_id) % 3 = 0")
        assert mutable.rows(test) == 0
        # a year later hardly anything is explained by orders from before it
        mutable.con.execute("update company.settings set history_start = history_start - 365")
        assert mutable.rows(test) > 0
    finally:
        mutable.con.execute("rollback")


def test_tickets_that_customers_always_bought_together_are_no_records_that_stand_twice(
    mutable: Mutable,
):
    test, records = "assert_no_record_stands_twice", "intermediate.int_conversions__records"
    recorded, ticket = "intermediate.int_conversions__recorded", "md5(conversion_id)"
    some = "where record_type = 'order' and hash(conversion_id) % 4 = 0"
    earlier, months = "'earlier ' || conversion_id", "interval 90 day"
    mutable.con.execute("begin")
    try:
        for table in (recorded, records):
            record_id = f", {ticket} as record_id" if table == recorded else ""
            mutable.con.execute(
                f"insert into {table} select * replace ({earlier} as conversion_id,"
                f" cast(conversion_date - {months} as date) as conversion_date,"
                f" conversion_at - {months} as conversion_at) from {table}"
                " where record_type = 'order'"
            )
            mutable.con.execute(
                f"insert into {table} select * replace ({ticket} as conversion_id{record_id})"
                f" from {table} {some}"
            )
        assert mutable.rows(test) == 0
        # the same, where it began a month ago
        mutable.con.execute(
            f"delete from {records} where not contains(conversion_id, ':')"
            f" and conversion_date < (select max(conversion_date) - 30 from {records})"
        )
        assert mutable.rows(test) > 0
    finally:
        mutable.con.execute("rollback")


def test_no_mutation_outlives_its_test():
    assert set(MUTATIONS) == {Path(path).stem for path in FOLDER.glob("assert_*.sql")}
