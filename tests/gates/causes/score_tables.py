"""A build file with nothing in it but what a diagnosis reads: series as detectors leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from trueup.build.schema import TABLES
from trueup.gates.causes.diagnose import diagnose

FIRST, NEWEST = date(2026, 1, 1), date(2026, 4, 30)

#: What of a build a diagnosis reads beside scores.
HEALTH = """
create schema intermediate;
create table intermediate.int_signals__counted (
    signal varchar, kind varchar, worse varchar, dimension varchar, segment varchar, system varchar,
    hop varchar, signal_date date, numerator bigint, denominator bigint,
    denominator_amount decimal(38, 6), is_mature boolean
);
create schema health;
create table health.fct_config_changes (
    source varchar, account_id varchar, object_type varchar, object_id varchar, setting varchar,
    hop varchar, old_value varchar, new_value varchar, observed_at timestamptz,
    last_seen_before_at timestamptz, goals varchar, is_break boolean, change varchar
);
create table health.fct_freshness (source varchar, landed_through date, is_stale boolean);
create table health.fct_missing_days (source varchar, first_date date, last_date date);
create table health.fct_set_aside (
    source varchar, stream varchar, day date, kind varchar, is_lost boolean
);
create schema marts;
create table marts.fct_platform_claims (
    platform varchar, goal varchar, claim_date date, click_window_days integer,
    view_window_days integer, is_view_through boolean, claimed_conversions decimal(38, 6)
);
create table company.settings as select 'shop' as company, 'EUR' as reporting_currency;
"""
SOURCES = """
insert into trueup.ad_platforms (platform) values ('ads_a'), ('ads_b');
insert into trueup.streams (source, is_witness)
values ('shop', false), ('crm', false), ('events', true);
"""


@dataclass(frozen=True)
class Series:
    """A series out of its range from `breach` (the day it was found) up to `until`; normal where
    there is none. `level` is what is left of what was expected."""

    signal: str
    system: str = "events"
    dimension: str = "all"
    segment: str = "all"
    level: float = 1.0
    breach: date | None = None
    until: date | None = None
    since: date | None = None
    hop: str = "event"
    kind: str = "share"
    expected: float = 0.9
    trials: int = 100


def build(*series: Series, newest: date = NEWEST) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(TABLES)
    con.execute(HEALTH)
    con.execute(SOURCES)
    con.execute("insert into trueup.build values ('b', now(), ?, true)", [newest])
    for one in series:
        _write(con, one, newest)
    return con


def change(
    con: duckdb.DuckDBPyConnection,
    source: str,
    object_type: str,
    setting: str,
    value: str,
    day: date,
    *,
    hop: str,
    is_break: bool = True,
    object_id: str = "1",
    was: str = "",
) -> None:
    at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    con.execute(
        "insert into health.fct_config_changes by name select $source as source, 'a' as account_id,"
        " $object_type as object_type, $object_id as object_id, $setting as setting,"
        " $was as old_value, $value as new_value, $at as observed_at,"
        " $before as last_seen_before_at, 'purchase' as goals, $is_break as is_break,"
        " $hop as hop, $words as change",
        {"source": source, "object_type": object_type, "object_id": object_id, "setting": setting,
         "was": was, "value": value, "at": at, "before": at - timedelta(days=1),
         "is_break": is_break, "hop": hop,
         "words": f"{object_type} {object_id}: {setting} became {value}"},
    )  # fmt: skip


def incidents(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What a diagnosis writes, in the order of opening."""
    diagnose(con)
    found = con.execute("from trueup.tracking_incidents order by opened_date, cause_family")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _write(con: duckdb.DuckDBPyConnection, one: Series, newest: date) -> None:
    con.execute(
        """
        create or replace temp table days as
        select cast(day as date) as signal_date,
            coalesce(day >= $breach and (day < $until or $until is null), false) as is_out,
            $expected * if(is_out, $level, 1) as observed
        from generate_series($first::date, $newest::date, interval 1 day) as days (day)
        """,
        {"breach": one.breach, "until": one.until, "expected": one.expected, "level": one.level,
         "first": FIRST, "newest": newest},
    )  # fmt: skip
    values = {
        "signal": one.signal, "dimension": one.dimension, "segment": one.segment,
        "expected": one.expected, "level": one.level, "since": one.since or one.breach,
        "direction": int(one.level > 1) - int(one.level < 1),
    }  # fmt: skip
    con.execute(
        """
        insert into trueup.signal_scores
        select $signal, $dimension, $segment, signal_date, observed, $expected, 0.95 * $expected,
            1.05 * $expected, 60, if(is_out, 1e-9, 0.5), if(is_out, 'breach', 'normal'),
            if(is_out, $direction, 0), if(is_out, $since, null), is_out, if(is_out, $level, 1), null
        from days
        """,
        values,
    )
    con.execute(
        "insert into intermediate.int_signals__counted select ?, ?, null, ?, ?, ?, ?, signal_date,"
        " round(observed * ?), ?, 10 * ?, true from days",
        [one.signal, one.kind, one.dimension, one.segment, one.system, one.hop, one.trials,
         one.trials, one.trials],
    )  # fmt: skip
