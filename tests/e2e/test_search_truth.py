"""Searches of the demo company: the mart holds what the world typed, by kind of query and page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import built

#: What people type who look for the company itself, as the demo's company file has it.
BRAND = "harbou?r[ -]?(house|hampers)"
#: Days that have landed and whose figures no longer move at the demo's clock.
FINAL = "between date '2026-08-01' and date '2026-09-11'"


@pytest.fixture(scope="module")
def mart(built_company: built.Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        for table in ("searches", "visits", "truth", "ad_search_terms"):
            con.execute(f"create view {table} as from '{world}/{table}.parquet'")
        con.execute("use build.marts")
        yield con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return con.execute(sql).fetchall()


def test_unpaid_clicks_and_impressions_are_the_worlds_by_kind_of_query_and_page(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    truth = f"""
        select search_date, case
                when query is null or query like '%+44%' then 'anonymised'
                when regexp_matches(lower(query), '{BRAND}') then 'brand' else 'non_brand' end,
            regexp_extract(page, '//(.*)', 1), sum(impressions)::bigint, sum(clicks)::bigint
        from memory.searches where search_date {FINAL} group by all"""
    found = f"""
        select report_date, query_class, page, organic_impressions, organic_clicks
        from fct_search_daily
        where report_date {FINAL} and organic_impressions > 0"""
    assert sorted(rows(mart, found)) == sorted(rows(mart, truth))
    classes = {name for _, name, *_ in rows(mart, truth)}
    assert classes == {"anonymised", "brand", "non_brand"}


def test_the_place_of_a_page_is_weighed_by_its_impressions(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    ((found, truth),) = rows(
        mart,
        f"""select sum(organic_position * organic_impressions) / sum(organic_impressions),
            (select sum(positions) / sum(impressions) from memory.searches
                where search_date {FINAL})
        from fct_search_daily where report_date {FINAL} and organic_impressions > 0""",
    )
    assert float(found) == pytest.approx(float(truth), abs=1e-4)


def test_what_was_paid_for_searches_is_what_their_campaigns_ads_cost(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    """Named and anonymised terms together: paid, shown, clicked as the ads of those campaigns."""
    ((spend, clicks, shown),) = rows(
        mart,
        "select sum(spend_amount), sum(paid_clicks), sum(paid_impressions) from fct_search_daily",
    )
    ((cost, ad_clicks, ad_shown),) = rows(
        mart,
        """select sum(spend_amount), sum(clicks), sum(impressions)
        from fct_ad_performance_daily
        inner join (
            select distinct platform, campaign_id from dim_campaign
            where campaign_type in ('SEARCH', 'SHOPPING')
        ) using (platform, campaign_id)
        where allocation = 'ad'""",
    )
    assert (clicks, shown) == (ad_clicks, ad_shown) and clicks > 500
    # Each row is converted and rounded to six places by itself.
    assert abs(spend - cost) < Decimal("0.01") and spend > 0


def test_claims_of_searches_are_the_campaigns_primary_ones(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    ((named, hidden),) = rows(
        mart,
        """select sum(claimed_conversions) filter (where query_class <> 'anonymised'),
            sum(claimed_conversions) filter (where query_class = 'anonymised')
        from fct_search_daily""",
    )
    assert named > 0 and hidden > 0


def test_conversions_of_searches_are_those_credited_to_their_visits(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    ((organic, paid),) = rows(
        mart, "select sum(organic_conversions), sum(paid_conversions) from fct_search_daily"
    )
    ((credited_organic, credited_paid),) = rows(
        mart,
        """select
            sum(credit) filter (
                where touches.default_channel = 'Organic Search' and searched.campaign_id is null),
            sum(credit) filter (where searched.campaign_id is not null)
        from fct_attribution as credits
        inner join fct_conversions as conversions using (conversion_id)
        inner join fct_touches as touches using (touch_id)
        left join (
            select distinct campaign_id from dim_campaign
            where campaign_type in ('SEARCH', 'SHOPPING')
        ) as searched on credits.campaign_id = searched.campaign_id
        where model = 'last_non_direct' and conversions.tier = 'strong'
            and conversions.status = 'won'""",
    )
    assert (organic, paid) == (credited_organic, credited_paid) and organic > 0 and paid > 0


def test_days_that_may_still_move_say_so(mart: duckdb.DuckDBPyConnection) -> None:
    days = dict(
        rows(mart, "select report_date, bool_and(is_final) from fct_search_daily group by 1")
    )
    moving = {str(day) for day, is_final in days.items() if not is_final}
    assert moving == {"2026-09-12", "2026-09-13", "2026-09-14"}


def test_no_query_is_in_a_mart(mart: duckdb.DuckDBPyConnection) -> None:
    names = rows(
        mart,
        """select column_name from duckdb_columns()
        where schema_name = 'marts' and column_name in ('query', 'search_term')""",
    )
    assert names == []


def test_the_accounts_of_searches_close(mart: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        mart,
        """select source, sum(offered_rows), sum(used_rows), sum(set_aside_rows)
        from build.health.fct_row_accounts
        where stream in ('performance', 'search_terms') group by source order by source""",
    )
    assert [source for source, *_ in found] == ["google_ads", "search_console"]
    assert all(offered == used > 0 and not aside for _, offered, used, aside in found)
