"""Published marts made by hand for the page, with the columns that it reads."""

from __future__ import annotations

from pathlib import Path

import duckdb

THROUGH = "date '2026-09-14'"
SPENT = """
    spend_amount decimal(38,6), clicks bigint, claimed_conversions decimal(18,6),
    reconciled_conversions decimal(18,6), claimed_amount decimal(38,6),
    reconciled_revenue_amount decimal(38,6), is_settled boolean, tracking_health varchar
"""
TABLES = f"""
create schema marts; create schema health;
create table health.fct_build as select 'small' as company, 'Small & Co' as title,
    'Europe/Lisbon' as reporting_zone, 'EUR' as reporting_currency,
    date '2026-06-01' as history_start_date, {THROUGH} as through_date;
create table health.fct_gate_results (gate varchar, check_name varchar, table_name varchar,
    segment varchar, verdict varchar, why varchar, observed varchar, since_date date,
    affected_amount_local decimal(38,6), currency_code varchar, checked_at timestamptz,
    released_by varchar);
create table health.fct_incidents (incident_id varchar, severity varchar, cause_family varchar,
    system varchar, what varchar, onset_date date, amount_at_risk decimal(38,6),
    currency_code varchar, suspected_change varchar, owner varchar, runbook varchar,
    observed varchar, status varchar);
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
                null, 10, 5, 3, 2, 30, 20, d >= 30, 'ok'
            from range({days}) as days (d) cross join names
            """
        )
        con.execute(
            """
            insert into marts.fct_channel_daily
            select report_date, channel, sum(spend_amount), sum(clicks), sum(claimed_conversions),
                sum(reconciled_conversions), sum(claimed_amount), sum(reconciled_revenue_amount),
                bool_and(is_settled), 'ok'
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
