"""How right the mart is: its matches and its money against the world's truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Match:
    """One order: the session it was matched to and the one it was placed in.

    `true_session` is None where GA4 never showed that session, so nobody could find it.
    """

    method: str
    session: str | None
    true_session: str | None

    @property
    def is_right(self) -> bool:
        return self.session is not None and self.session == self.true_session


@dataclass(frozen=True)
class Score:
    """Counts behind precision (right / matched) and recall (right / observable, / orders)."""

    orders: int
    observable: int
    matched: int
    right: int


def score(matches: Iterable[Match]) -> Score:
    found = list(matches)
    return Score(
        orders=len(found),
        observable=sum(match.true_session is not None for match in found),
        matched=sum(match.session is not None for match in found),
        right=sum(match.is_right for match in found),
    )


def score_by_method(matches: Iterable[Match]) -> dict[str, Score]:
    """Every match method's own score, by name; orders nobody matched are under `none`."""
    by_method: dict[str, list[Match]] = {}
    for match in matches:
        by_method.setdefault(match.method, []).append(match)
    return {method: score(by_method[method]) for method in sorted(by_method)}


def read_matches(mart: Path, build_file: Path, world: Path) -> list[Match]:
    """Every shop order of the mart beside its true session. Only what was landed counts as shown.

    Events are looked up twice, the second time by key: only those of visits with an order are
    split into sessions, which over years of events is the difference of minutes.
    """
    with _connect(world, ("orders", "visits"), mart=mart, build=build_file) as con:
        con.execute(
            """
            create temp table placed as
            select
                'shopify:' || orders.order_id as conversion_id,
                if(visits.analytics_consent, visits.client_id, null) as client_id,
                visits.ga_session_id::varchar as ga_session_id
            from orders
            inner join visits using (visit_id);
            create temp table shown as
            select
                user_pseudo_id as client_id,
                ga_session_id::varchar as ga_session_id,
                min(event_key) as event_key
            from build.raw_ga4.events
            where user_pseudo_id in (select client_id from placed)
            group by all;
            create temp table keys as
            select event_key, session_key
            from build.staging.stg_ga4__events
            where event_key in (select event_key from shown)
            """
        )
        found = con.execute(
            """
            select mart.match_method, mart.ga4_session_key, keys.session_key
            from mart.marts.fct_conversions as mart
            left join placed using (conversion_id)
            left join shown using (client_id, ga_session_id)
            left join keys using (event_key)
            where mart.source = 'shopify' and mart.record_type = 'order'
            """
        ).fetchall()
    return [Match(*row) for row in found]


@dataclass(frozen=True)
class Money:
    """Reconciled and true net revenue in EUR, how many conversions differ by a cent on some day,
    and how many cents all of their days are apart. The truth is kept in cents, the ledger in the
    rates' own precision: fractions of a cent, which add up over a hundred thousand conversions,
    are no difference."""

    reconciled: Decimal
    true: Decimal
    differing: int
    cents_apart: int


def read_money(mart: Path, world: Path, *, zone: str, since: date, through: date) -> Money:
    """Ledger entries of the days [since, through] in `zone`, from the mart and from the truth."""
    sql = """
        with reconciled as (
            select conversion_id, entry_date, sum(amount) as amount
            from mart.marts.fct_ledger_entries
            where entry_date between $since and $through
            group by all
        ),
        real as (
            select
                conversion_id,
                ((entry_at at time zone 'UTC') at time zone $zone)::date as entry_date,
                sum(amount) as amount
            from true_ledger
            where entry_date between $since and $through
            group by all
        )
        select
            coalesce(sum(reconciled), 0),
            coalesce(sum(real), 0),
            count(distinct conversion_id) filter (abs(apart) >= 0.01),
            coalesce(sum(abs(trunc(100 * apart))), 0)::bigint
        from (
            select
                conversion_id,
                reconciled.amount as reconciled,
                real.amount as real,
                coalesce(reconciled.amount, 0) - coalesce(real.amount, 0) as apart
            from reconciled
            full join real using (conversion_id, entry_date)
        )
        """
    with _connect(world, ("true_ledger",), mart=mart) as con:
        values = {"zone": zone, "since": since, "through": through}
        row = con.execute(sql, values).fetchone()
    assert row is not None
    return Money(*row)


@dataclass(frozen=True)
class Cause:
    """Conversions a platform is credited with by one model, those it caused, and both."""

    platform: str
    model: str
    credited: Decimal
    caused: int
    rightly: Decimal


def read_causes(mart: Path, world: Path, *, through: date) -> list[Cause]:
    """Credit against causes, over the orders and won deals of the mart up to `through`."""
    sql = """
        with real as (
            select mart.conversion_id, caused_by_platform
            from mart.marts.fct_conversions as mart
            inner join truth using (conversion_id)
            where mart.conversion_date <= $through
        ),
        caused as (
            select caused_by_platform as platform, count(*) as conversions
            from real
            where caused_by_platform is not null
            group by all
        )
        select
            attribution.platform,
            attribution.model,
            sum(attribution.credit),
            any_value(caused.conversions),
            coalesce(sum(attribution.credit) filter (
                real.caused_by_platform = attribution.platform
            ), 0)
        from mart.marts.fct_attribution as attribution
        inner join real using (conversion_id)
        inner join caused using (platform)
        group by all
        order by attribution.model, attribution.platform
        """
    with _connect(world, ("truth",), mart=mart) as con:
        return [Cause(*row) for row in con.execute(sql, {"through": through}).fetchall()]


def _connect(world: Path, tables: Iterable[str], **files: Path) -> duckdb.DuckDBPyConnection:
    """The world's tables as views, and DuckDB files attached under their names."""
    con = duckdb.connect()
    for name in tables:
        con.execute(f"create view {name} as from '{world / name}.parquet'")
    for name, path in files.items():
        con.execute(f"attach '{path}' as {name} (read_only)")
    return con
