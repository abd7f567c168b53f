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
create table if not exists trueup.load_rows_set_aside (
    load_id varchar, day date, position varchar, reason varchar, kind varchar,
    amount_local decimal(38, 6), is_lost boolean
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
create table if not exists trueup.ad_platforms (
    platform varchar, link_source varchar, source_pattern varchar, click_id_kind varchar,
    is_click_paid boolean
);
create table if not exists trueup.gate_results (
    gate varchar, suite varchar, expectation varchar, column_name varchar, severity varchar,
    verdict varchar, observed varchar, checked_at timestamptz, released_by varchar, reason varchar
);
create table if not exists trueup.signal_scores (
    signal varchar, segment varchar, signal_date date, observed double,
    expected_low double, expected_high double, baseline_days integer, p_value double,
    is_breach boolean
);
"""

#: Whether a load is in force for a day; where that is not known or outside its window, for the
#: day of the window that comes next to it, or the last.
_IN_FORCE = """
    from {rows} as rows
    inner join trueup.applied_loads as loads using (load_id)
    left join trueup.current_days as current_days
        on rows.load_id = current_days.load_id
        and current_days.day
            = greatest(loads.since, least(coalesce({day}, loads.until - 1), loads.until - 1))
"""
_FROM_LOAD = "loads.source, loads.stream, loads.account, loads.load_id"
_IS_CURRENT = "current_days.load_id is not null as is_current"

VIEWS = f"""
create or replace view trueup.landed_days as
select
    {_FROM_LOAD}, rows.day, rows.offered, rows.landed, rows.set_aside,
    coalesce(rows.landed_money + rows.set_aside_money, rows.landed_money, rows.set_aside_money)
        as offered_money,
    rows.landed_money, rows.set_aside_money, {_IS_CURRENT}
{_IN_FORCE.format(rows="trueup.load_days", day="rows.day")};
create or replace view trueup.set_aside_rows as
select
    {_FROM_LOAD}, rows.day, rows.position, rows.reason, rows.kind, rows.amount_local,
    rows.is_lost, {_IS_CURRENT}
{_IN_FORCE.format(rows="trueup.load_rows_set_aside", day="rows.day")};
create or replace view trueup.outside_rows as
select
    {_FROM_LOAD}, rows.row_count, rows.first_day, rows.last_day, rows.amount_local, {_IS_CURRENT}
{_IN_FORCE.format(rows="trueup.load_rows_outside", day="null::date")};
"""

SCHEMA = TABLES + VIEWS
