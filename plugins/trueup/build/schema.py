"""What a build knows of itself and of the landing, as tables: schema `trueup` of the build file."""

from __future__ import annotations

_LOAD = """
    load_id varchar, source varchar, stream varchar, account varchar, since date, until date,
    committed_at timestamptz
"""

TABLES = f"""
create schema if not exists trueup;
create schema if not exists company;
create table if not exists trueup.build (
    build_id varchar, built_at timestamptz, through_date date, is_full boolean
);
create table if not exists trueup.completed_builds (
    build_id varchar, built_at timestamptz, through_date date, completed_at timestamptz
);
create table if not exists trueup.declared (signature varchar);
create table if not exists trueup.set_aside_loads (load_id varchar);
create table if not exists trueup.streams (
    source varchar, stream varchar, kind varchar, is_bulk boolean, has_money boolean,
    is_witness boolean
);
create table if not exists trueup.applied_loads ({_LOAD});
create table if not exists trueup.new_loads ({_LOAD});
create table if not exists trueup.changed_days (source varchar, stream varchar, day date);
create table if not exists trueup.current_days (
    source varchar, stream varchar, account varchar, day date, load_id varchar
);
create table if not exists trueup.load_days (
    load_id varchar, day date, offered bigint, landed bigint, set_aside bigint,
    landed_money decimal(38, 6), set_aside_money decimal(38, 6)
);
create table if not exists trueup.superseded_load_days (
    source varchar, stream varchar, account varchar, day date, offered bigint, landed bigint,
    set_aside bigint, landed_money decimal(38, 6), set_aside_money decimal(38, 6)
);
create table if not exists trueup.load_rows_set_aside (
    load_id varchar, day date, position varchar, reason varchar, kind varchar,
    amount_local decimal(38, 6), is_lost boolean, currency_code varchar
);
create table if not exists trueup.load_rows_outside (
    load_id varchar, row_count bigint, first_day date, last_day date, amount_local decimal(38, 6)
);
create table if not exists trueup.superseded_days (
    source varchar, stream varchar, day date, row_count bigint, money decimal(38, 6)
);
create table if not exists trueup.raw_days (
    source varchar, stream varchar, day date, row_count bigint, money decimal(38, 6)
);
create table if not exists trueup.bulk_files (
    source varchar, stream varchar, account varchar, day date, load_id varchar, name varchar,
    row_count bigint, sha256 varchar, size bigint, is_of_one_day boolean, columns varchar[]
);
create table if not exists trueup.freshness (
    source varchar, stream varchar, account varchar, landed_through date,
    committed_at timestamptz, is_stale boolean
);
create table if not exists trueup.unlisted_feeds (source varchar, stream varchar, account varchar);
create table if not exists trueup.ad_platforms (
    platform varchar, link_source varchar, source_pattern varchar, click_id_kind varchar,
    is_click_paid boolean
);
create table if not exists trueup.gate_results (
    gate varchar, check_name varchar, table_name varchar, signal varchar, segment varchar,
    severity varchar, verdict varchar, why varchar, observed varchar, since_date date,
    affected_rows bigint, affected_amount_local decimal(38, 6), currency_code varchar,
    query varchar, runbook varchar, checked_at timestamptz, released_by varchar, reason varchar
);
create table if not exists trueup.tracking_incidents (
    incident_id varchar, company varchar, cause_family varchar, system varchar, segment varchar,
    identity varchar, severity varchar, status varchar, onset_date date, opened_date date,
    last_seen_date date, resolved_date date, signals varchar, observed varchar,
    amount_at_risk decimal(38, 6), currency_code varchar, suspected_change varchar,
    suspected_change_at timestamptz, confidence double, not_affected varchar, what varchar,
    confirm_query varchar, owner varchar, runbook varchar, found_by varchar,
    touched_platform varchar, touched_campaign_id varchar, touched_source varchar,
    touches_conversions boolean
);
create table if not exists trueup.signal_scores (
    signal varchar, dimension varchar, segment varchar, signal_date date, observed double,
    expected double, expected_low double, expected_high double, baseline_days integer,
    p_value double, state varchar, direction integer, since_date date, is_breach boolean,
    effect double, rebased_by varchar
);
create table if not exists trueup.signal_states (day integer, digest varchar, state blob);
"""

#: The day of its load's window that a row belongs to; one that cannot be dated, to the last.
PLACED = "greatest(loads.since, least(coalesce({day}, loads.until - 1), loads.until - 1))"
_OFFERED = """
    offered, landed, set_aside,
    coalesce(landed_money + set_aside_money, landed_money, set_aside_money) as offered_money,
    landed_money, set_aside_money
"""
_OF_LOAD = "source, stream, account, load_id"

VIEWS = f"""
create or replace view trueup.landed_days as
select {_OF_LOAD}, day, {_OFFERED}, true as is_current
from trueup.load_days
inner join trueup.applied_loads using (load_id)
union all
select source, stream, account, null, day, {_OFFERED}, false
from trueup.superseded_load_days;
create or replace view trueup.set_aside_rows as
select {_OF_LOAD}, day, position, reason, kind, amount_local, is_lost, currency_code
from trueup.load_rows_set_aside
inner join trueup.applied_loads using (load_id);
create or replace view trueup.outside_rows as
select {_OF_LOAD}, row_count, first_day, last_day, amount_local
from trueup.load_rows_outside
inner join trueup.applied_loads using (load_id);
"""

SCHEMA = TABLES + VIEWS
