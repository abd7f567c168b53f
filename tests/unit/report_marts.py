"""Published marts made by hand for the page, with the columns that it reads."""

from __future__ import annotations

from pathlib import Path

import duckdb

THROUGH = "date '2026-09-14'"
SPENT = """
    spend_amount decimal(38,6), clicks bigint, claimed_conversions decimal(18,6),
    reconciled_conversions decimal(18,6), claimed_amount decimal(38,6),
    reconciled_revenue_amount decimal(38,6), compared_conversions decimal(18,6),
    compared_revenue_amount decimal(38,6), is_settled boolean, mature_from_date date,
    tracking_health varchar
"""
TABLES = f"""
create schema marts; create schema health;
create table health.fct_build as select 'small' as company, 'Small & Co' as title,
    'Europe/Lisbon' as reporting_zone, 'EUR' as reporting_currency,
    date '2026-06-01' as history_start_date, {THROUGH} as through_date;
create table health.fct_gate_results (gate varchar, check_name varchar, table_name varchar,
    segment varchar, verdict varchar, why varchar, observed varchar, since_date date,
    affected_amount_local decimal(38,6), currency_code varchar, checked_at timestamptz,
    released_by varchar, runbook varchar);
create table health.fct_incidents (incident_id varchar, severity varchar, cause_family varchar,
    system varchar, what varchar, onset_date date, amount_at_risk decimal(38,6),
    currency_code varchar, suspected_change varchar, owner varchar, runbook varchar,
    observed varchar, status varchar,
    resolved_date date);
create table health.fct_set_aside (source varchar, stream varchar, reason varchar,
    is_lost boolean, row_count bigint, amount_local decimal(38,6), currency_code varchar, day date);
create table health.fct_freshness (source varchar, stream varchar, account_id varchar,
    landed_through date, is_stale boolean);
create table health.fct_missing_days (source varchar, stream varchar, account_id varchar,
    first_date date, last_date date);
create table marts.fct_campaign_daily (report_date date, platform varchar, account_id varchar,
    campaign_id varchar, campaign_name varchar, channel varchar, missing_accounts varchar, {SPENT});
create table marts.fct_channel_daily (report_date date, channel varchar, {SPENT});
create table marts.fct_ledger_entries (entry_date date, entry_type varchar, amount decimal(38,6));
create table marts.dim_customer (first_conversion_id varchar, first_conversion_date date);
create table marts.fct_customer_cohorts (cohort_month date, channel varchar, months_since integer,
    cohort_customers bigint, cohort_spend_amount decimal(38,6), may_hold_older boolean,
    cumulative_revenue_amount decimal(38,6), cumulative_margin_amount decimal(38,6),
    is_paid_back boolean);
create table marts.fct_customer_ltv (cohort_month date, channel varchar, horizon_months integer,
    known_months integer, is_observed boolean, cohort_customers bigint,
    acquisition_cost_amount decimal(38,6), known_ltv_revenue_amount decimal(38,6),
    expected_ltv_revenue_amount decimal(38,6), expected_ltv_revenue_amount_low decimal(38,6),
    expected_ltv_revenue_amount_high decimal(38,6));
create table marts.fct_leads (goal varchar, channel varchar, lead_date date, window_days integer,
    is_qualified_in_window boolean, is_won_in_window boolean, stage_in_window varchar,
    revenue_in_window_amount decimal(38,6), response_minutes decimal(18,6), response_band varchar,
    contact_count bigint, last_contact_at timestamptz, follow_up varchar);
create table marts.fct_signal_value (goal varchar, channel varchar, week_start_date date,
    is_mature boolean, followable_signals bigint, strong_conversions bigint);
"""
#: A gap of two causes, to the digit.
GAP = """
create table marts.fct_reconciliation_daily as
select (date '2026-08-01' + d::int) as report_date, 'one' as platform, 100.0::decimal(38,6) as
    claimed_amount, 60.0::decimal(38,6) as reconciled_amount, 50.0::decimal(38,6) as
    view_through_amount, -10.0::decimal(38,6) as refunds_amount, 0::decimal(38,6) as
    unexplained_amount, true as is_settled
from range(20) as days (d)
"""
#: Three months of customers in two channels: June's are two months of age old, July's one, and
#: August's none. `search` costs 100 a month and brings ten who are worth 20, then 30, a quarter of
#: it margin; `direct` costs nothing, and its margin is not known.
CUSTOMERS = """
insert into marts.dim_customer
select 'c' || m || '-' || n, date '2026-06-15' + to_months(m::int)
from range(3) as months (m) cross join range(20) as customers (n);
insert into marts.fct_customer_cohorts
select (date '2026-06-01' + to_months(m::int))::date, channel, age, 10, cost, m = 0,
    10 * (20 + 10 * age), case when cost > 0 then 10 * (20 + 10 * age) / 4 end,
    case when cost > 0 then 10 * (20 + 10 * age) / 4 >= cost end
from (values ('search', 60), ('direct', 0)) as channels (channel, cost)
cross join (values (0, 0), (0, 1), (1, 0)) as reached (m, age);
"""
#: June's customers of search have had three months of age, what they come to in a year has no width
#: yet; May's are known whole. Of direct nothing is projected.
PROJECTED = """
insert into marts.fct_customer_ltv values
    ('2026-05-01', 'search', 3, 3, true, 30, 5, 40, 40, 40, 40),
    ('2026-06-01', 'search', 3, 3, true, 10, 6, 42, 42, 42, 42),
    ('2026-06-01', 'search', 6, 4, false, 10, 6, 45, 60, 50, 72.5),
    ('2026-06-01', 'search', 12, 4, false, 10, 6, 45, 80, null, null),
    ('2026-07-01', 'search', 12, 1, false, 10, 6, 20, null, null, null),
    ('2026-06-01', 'direct', 3, 1, false, 10, 0, 30, null, null, null);
"""
#: Forty enquiries whose windows are over: a quarter is won within an hour's answer, a quarter comes
#: to a deal and no more; two that are not decided, of whom nobody answered one; and one that cannot
#: be followed.
LEADS = """
insert into marts.fct_leads
select 'enquiry', 'search', date '2026-06-01' + n::int, 60, n % 4 < 2, n % 4 = 0,
    case n % 4 when 0 then 'signed' when 1 then 'proposal' end,
    case n % 4 when 0 then 100 else 0 end, case n % 4 when 0 then 30 when 3 then null else 300 end,
    case n % 4 when 0 then 'within an hour' when 3 then 'never' else 'within a day' end,
    1, timestamptz '2026-06-05 08:00:00Z', 'closed'
from range(40) as leads (n);
insert into marts.fct_leads values
    ('enquiry', 'search', date '2026-09-10', 60, null, null, null, null, null, 'not yet', 0, null,
        'unanswered'),
    ('enquiry', 'direct', date '2026-09-01', 60, null, null, null, null, 50, 'within an hour', 3,
        timestamptz '2026-08-20 08:00:00Z', 'open'),
    ('enquiry', 'search', date '2026-06-15', 60, null, null, null, null, 10, 'within an hour', 1,
        timestamptz '2026-06-15 08:00:00Z', 'closed');
"""


def empty(path: Path) -> Path:
    """A mart in which every table is there, and nothing has happened."""
    with duckdb.connect(str(path)) as con:
        con.execute(TABLES)
    return path


def with_campaigns(path: Path, names: list[str], days: int = 90, platform: str = "one") -> Path:
    """Each campaign spends 10 a day, claims 30 and brings 20."""
    empty(path)
    with duckdb.connect(str(path)) as con:
        con.execute("create table names as select unnest(?) as name", [names])
        con.execute(
            f"""
            insert into marts.fct_campaign_daily
            select {THROUGH} - d::int, '{platform}', 'account', 'id ' || name, name, 'paid_search',
                null, 10, 5, 3, 2, 30, 20, 1, 15, d >= 30, {THROUGH} - d::int + 30, 'ok'
            from range({days}) as days (d) cross join names
            """
        )
        con.execute(
            """
            insert into marts.fct_channel_daily
            select report_date, channel, sum(spend_amount), sum(clicks), sum(claimed_conversions),
                sum(reconciled_conversions), sum(claimed_amount), sum(reconciled_revenue_amount),
                sum(compared_conversions), sum(compared_revenue_amount),
                bool_and(is_settled), max(mature_from_date), 'ok'
            from marts.fct_campaign_daily group by report_date, channel
            """
        )
        con.execute(
            "insert into marts.fct_ledger_entries select report_date, 'sale',"
            " sum(reconciled_revenue_amount) from marts.fct_campaign_daily group by report_date"
        )
        con.execute("drop table names")
    return path


def also(path: Path, sql: str) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute(sql)
    return path
