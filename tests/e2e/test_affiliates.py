"""Affiliates in the marts: what they cost, what they claim, and a sale that two platforms claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from built import CLOCK, Company

#: The account's day of an instant of the world.
DAY = "timezone('Europe/London', timezone('UTC', {}))::date"


@pytest.fixture
def mart(built_company: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_company.place.build_file), read_only=True) as con:
        yield con


def test_commission_is_spend_on_its_own_day_to_the_cent(
    mart: duckdb.DuckDBPyConnection, sandbox: Any
) -> None:
    truth = sandbox.desk.rows(
        f"""select publisher_id::varchar as publisher, {DAY.format("cost_at")} as day,
            sum(amount) as amount
        from affiliate_costs where cost_at <= $now and {DAY.format("cost_at")} <= '2026-09-14'
        group by all having sum(amount) <> 0 order by all"""
    )
    found = mart.execute(
        """select campaign_id, ad_date, sum(spend_amount_local)
        from marts.fct_ad_performance_daily where platform = 'awin'
        group by all having sum(spend_amount_local) <> 0 order by all"""
    ).fetchall()
    assert len(truth) > 5
    assert found == [tuple(row.values()) for row in truth]


def test_the_spend_of_an_account_adds_up_to_its_own_total(mart: duckdb.DuckDBPyConnection) -> None:
    rows = mart.execute(
        """select allocation, count(*) from marts.fct_ad_performance_daily
        where platform = 'awin' and spend_amount_local <> 0 group by all"""
    ).fetchall()
    assert [allocation for allocation, _ in rows] == ["ad"]
    [(clicks,)] = mart.execute(
        "select sum(clicks) from marts.fct_ad_performance_daily where platform = 'awin'"
    ).fetchall()
    assert clicks > 1000


def test_a_publisher_is_a_campaign_of_the_affiliate_channel(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    rows = mart.execute(
        """select campaign_id, campaign_name, channel from marts.dim_campaign
        where platform = 'awin' order by 1"""
    ).fetchall()
    assert ("45628", "Codewell Vouchers", "affiliate") in rows
    # The one that left the programme keeps its name and its costs.
    assert ("132554", "Gift Radar", "affiliate") in rows
    assert {channel for *_, channel in rows} == {"affiliate"}


def test_every_sale_is_a_claim_that_stands_until_it_is_declined(
    mart: duckdb.DuckDBPyConnection, sandbox: Any
) -> None:
    sandbox.desk.set_clock(CLOCK)
    truth = sandbox.desk.rows(
        f"""select transaction_id::varchar as id, order_ref,
            case when amended_at <= $now then amended_sale_amount else sale_amount end as amount
        from affiliate_transactions
        where kind = 'Sale' and {DAY.format("sold_at")} <= '2026-09-14'
            and not (validated_at <= $now and verdict = 'declined') order by 1"""
    )
    found = mart.execute(
        """select ad_id, ad_group_id, claimed_amount_local from marts.fct_platform_claims
        where platform = 'awin' and goal = 'shop_order' and is_headline order by 1"""
    ).fetchall()
    assert len(truth) > 15
    assert found == [tuple(row.values()) for row in truth]


def test_what_is_pending_can_be_read(mart: duckdb.DuckDBPyConnection, sandbox: Any) -> None:
    [expected] = sandbox.desk.rows(
        f"""select count(*) as sales,
            sum(case when amended_at <= $now then amended_commission_amount
                else commission_amount end) as amount
        from affiliate_transactions
        where validated_at > $now and {DAY.format("sold_at")} <= '2026-09-14'"""
    )
    pending = mart.execute(
        """select count(*), sum(claimed_amount_local) from marts.fct_platform_claims
        where platform = 'awin' and action_id = 'commission_pending'"""
    ).fetchone()
    assert pending == (expected["sales"], expected["amount"])


def test_sales_stand_by_status_and_reason_with_the_days_their_validation_took(
    mart: duckdb.DuckDBPyConnection, sandbox: Any
) -> None:
    sandbox.desk.set_clock(CLOCK)
    truth = sandbox.desk.rows(
        f"""select transaction_id::varchar as id,
            case when validated_at > $now then 'pending' else verdict end as status,
            case when validated_at <= $now then decline_reason end as reason
        from affiliate_transactions where {DAY.format("sold_at")} <= '2026-09-14' order by 1"""
    )
    found = mart.execute(
        "select sale_id, status, reason from marts.fct_affiliate_sales order by 1"
    ).fetchall()
    assert found == [tuple(row.values()) for row in truth]
    [(longest, most)] = mart.execute(
        """select max(days_to_validation), (
            select max(claimed_conversions) from marts.fct_platform_claims where platform = 'awin'
        ) from marts.fct_affiliate_sales"""
    ).fetchall()
    assert 20 <= longest <= 46 and most == 1


def test_a_sale_that_an_affiliate_and_an_ad_platform_claim_is_one_conversion_with_two_claims(
    mart: duckdb.DuckDBPyConnection, sandbox: Any
) -> None:
    both = sandbox.desk.rows(
        f"""select order_ref, {DAY.format("sold_at")} as day from affiliate_transactions
        inner join claims using (order_id)
        where claims.platform = 'google_ads' and action = 'purchase' and claims.kind = 'click'
            and known_at <= $now and not (validated_at <= $now and verdict = 'declined')
            and {DAY.format("sold_at")} <= '2026-09-10'"""
    )
    assert both
    [(schema,)] = mart.execute(
        "select table_schema from information_schema.tables where table_name = 'shape_orders'"
    ).fetchall()
    for row in both:
        conversions, net = mart.execute(
            f"""select count(*), max(gross_amount) from marts.fct_conversions
            inner join {schema}.shape_orders as orders
                on conversion_id = orders.source || ':' || orders.record_id
            where fct_conversions.goal = 'shop_order' and orders.transaction_id = ?""",
            [row["order_ref"]],
        ).fetchone()  # type: ignore[misc]
        claims = mart.execute(
            """select count(*), sum(claimed_conversions) from marts.fct_platform_claims
            where platform = 'awin' and action_id = 'sale' and ad_group_id = ?""",
            [row["order_ref"]],
        ).fetchone()
        assert (conversions, claims) == (1, (1, 1)) and net is not None
    claimed = mart.execute(
        """select count(distinct platform) from marts.fct_platform_claims
        where goal = 'shop_order' and is_headline and platform in ('awin', 'google_ads')"""
    ).fetchone()
    assert claimed == (2,)


def test_a_publishers_visit_is_its_campaigns_and_leads_to_the_order_it_claims(
    mart: duckdb.DuckDBPyConnection, sandbox: Any
) -> None:
    truth = sandbox.desk.rows(
        f"""select order_ref, publisher_id::varchar as publisher from affiliate_transactions
        inner join orders using (order_id)
        where landing_page like '%awc=%' and {DAY.format("sold_at")} <= '2026-09-13' order by 1"""
    )
    assert len(truth) > 2
    [(schema,)] = mart.execute(
        "select table_schema from information_schema.tables where table_name = 'shape_orders'"
    ).fetchall()
    found = mart.execute(
        f"""select orders.transaction_id, credits.campaign_id, credits.channel, credits.platform
        from marts.fct_attribution as credits
        inner join {schema}.shape_orders as orders
            on conversion_id = orders.source || ':' || orders.record_id
        where model = 'last_touch' and orders.transaction_id = any(?) order by 1""",
        [[row["order_ref"] for row in truth]],
    ).fetchall()
    assert found == [(row["order_ref"], row["publisher"], "affiliate", "awin") for row in truth]
