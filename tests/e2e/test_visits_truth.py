"""Where the demo company's visits came from: what the mart reads against what the world did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from built import Company


@pytest.fixture(scope="module")
def visits(built_company: Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """`read`: each visit GA4 saw as a session, as the mart reads it beside the truth."""
    with duckdb.connect() as con:
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        con.execute(
            f"""
            create table read as
            select
                touches.* replace (
                    -- the company counts these campaigns apart, the world does not
                    case touches.channel
                        when 'performance_max' then 'paid_search' else touches.channel
                    end as channel
                ),
                truth.channel as true_channel,
                truth.campaign_id::varchar as true_campaign_id,
                truth.landing_page as link,
                coalesce(truth.referrer, '') as referrer,
                truth.click_id_lost,
                -- GA4 strikes Google's click ids out where ads storage is refused
                truth.click_id_kind = 'gclid' and not truth.ads_consent as is_struck_out
            from build.marts.fct_touches as touches
            inner join '{world}/visits.parquet' as truth
                on touches.session_key
                    = md5(truth.client_id || '|' || truth.ga_session_id::varchar)
            where touches.touch_type = 'ga4_session'
            """
        )
        yield con


KINDS = {
    "a click with gbraid or wbraid": "link like '%braid=%'",
    "a click of Microsoft's": "link like '%msclkid=%'",
    "a click of TikTok's": "link like '%ttclid=%'",
    "the way back from a payment, checkout or login": "true_channel = 'direct' and referrer <> ''",
    "an app": "referrer like 'android-app:%'",
    "an assistant": "referrer like '%chatgpt%' or referrer like '%perplexity%'",
    "a publisher's link": "link like '%awc=%'",
    "an ad for people who were here before": "true_channel = 'retargeting' and not click_id_lost"
    " and is_struck_out is not true",
    "a film, a feed, a product": "true_channel in ('video', 'demand_gen', 'shopping')"
    " and not click_id_lost and is_struck_out is not true",
    "every link that kept what was in it": "not click_id_lost and is_struck_out is not true",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_mart_reads_what_the_world_did(visits: duckdb.DuckDBPyConnection, kind: str):
    wrong, count = visits.execute(
        f"select count(*) filter (where channel is distinct from true_channel), count(*)"
        f" from read where {KINDS[kind]}"
    ).fetchone()
    assert count > 0
    assert wrong == 0, visits.execute(
        "select true_channel, channel, source, medium, link, referrer, count(*) from read"
        f" where channel is distinct from true_channel and ({KINDS[kind]})"
        " group by all order by 7 desc limit 8"
    ).fetchall()


def test_a_campaign_is_known_by_the_id_the_platform_wrote(visits: duckdb.DuckDBPyConnection):
    assert visits.execute(
        "select count(*) from read"
        " where link like '%gad_campaignid=%' and campaign_id is distinct from true_campaign_id"
    ).fetchone() == (0,)


def test_ga4_sees_some_visits_come_from_elsewhere_and_the_signal_counts_them(
    built_company: Company,
):
    with duckdb.connect(str(built_company.place.build_file), read_only=True) as con:
        rows = con.execute(
            "select signal, sum(numerator), sum(denominator) from health.fct_tracking_signals"
            " where signal like '%_differs' group by 1 order by 1"
        ).fetchall()
    assert [signal for signal, _, _ in rows] == [
        "default_channel_differs", "session_source_differs"
    ]  # fmt: skip
    assert all(0 < differing < visits / 4 for _, differing, visits in rows), rows


#: Of the world's campaigns: whom a retargeting campaign is for is its purpose, not its type.
CHANNELS = """case when purpose = 'retargeting' then 'retargeting'
    else case campaign_type when 'SEARCH' then 'paid_search' when 'SHOPPING' then 'shopping'
        when 'VIDEO' then 'video' when 'DEMAND_GEN' then 'demand_gen' when 'DISPLAY' then 'display'
        when 'PERFORMANCE_MAX' then 'performance_max' else 'paid_social' end end"""


def test_every_format_spends_in_its_own_channel_and_all_add_up(built_company: Company, world: Path):
    with duckdb.connect(str(built_company.place.build_file), read_only=True) as con:
        truth = con.execute(
            f"""select {CHANNELS} as channel, sum(spend_amount)
            from marts.fct_ad_performance_daily as spend
            inner join '{world}/campaigns.parquet' as campaigns
                on spend.platform = campaigns.platform
                and spend.campaign_id = campaigns.campaign_id::varchar
            group by 1 having sum(spend_amount) > 0 order by 1"""
        ).fetchall()
        found = con.execute(
            """select channel, sum(spend_amount) from marts.fct_channel_daily
            where channel not in ('affiliate', 'agencies', '(unallocated)')
            group by 1 having sum(spend_amount) > 0 order by 1"""
        ).fetchall()
        assert found == truth
        assert {channel for channel, _ in found} == {
            "paid_search", "shopping", "video", "demand_gen", "performance_max", "paid_social",
            "retargeting",
        }  # fmt: skip
        assert con.execute(
            """select sum(spend_amount) - (select sum(spend_amount)
                from marts.fct_ad_performance_daily)
            from marts.fct_channel_daily"""
        ).fetchone() == (0,)


def test_no_visit_of_the_demo_is_unassigned(visits: duckdb.DuckDBPyConnection):
    assert visits.execute(
        "select count(*) from read where channel in ('unassigned', '(unmapped)')"
    ).fetchone() == (0,)
