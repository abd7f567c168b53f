"""The world keeps its promises: same bytes, a balanced ledger, and the awkwardness it names."""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from sandbox.world import Parameters, generate, payments
from sandbox.world.bands import BANDS, measure
from sandbox.world.dated import Course
from sandbox.world.days import Span, set_calendar
from sandbox.world.tables import TABLES

SMALL = {"start": date(2026, 6, 1), "until": date(2026, 7, 6), "scale": 0.05}
# Large enough for every band, short enough for a test
LARGE = {"start": date(2026, 6, 1), "until": date(2026, 8, 10), "scale": 1.5}
HEADLINE_LAG = "epoch(converted_at) - epoch(touched_at)"


@pytest.fixture(scope="module")
def large_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "large"
    generate(folder, **LARGE)
    return folder


@pytest.fixture(scope="module")
def large(large_world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for path in sorted(large_world.glob("*.parquet")):
            con.from_parquet(str(path)).create_view(path.stem)
        yield con


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return con.sql(query).fetchone()[0]


def test_same_arguments_give_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        generate(tmp_path / name, seed=seed, **SMALL)
    one, two, other = (_digests(tmp_path / name) for name in ("one", "two", "other"))
    assert set(one) == {f"{table}.parquet" for table in TABLES} | {"world.json"}
    assert one == two
    assert one["visits.parquet"] != other["visits.parquet"]


def test_a_world_already_written_is_left_alone_and_another_replaces_it(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    generate(folder, **SMALL)
    written = (folder / "visits.parquet").stat().st_mtime_ns
    generate(folder, **SMALL)
    assert (folder / "visits.parquet").stat().st_mtime_ns == written
    generate(folder, **{**SMALL, "scale": 0.02})
    assert (folder / "visits.parquet").stat().st_mtime_ns != written
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_folder_that_is_no_world_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep")
    with pytest.raises(FileExistsError, match="is not a world"):
        generate(tmp_path, **SMALL)
    assert (tmp_path / "precious.txt").read_text() == "keep"


def test_a_world_too_small_for_any_conversion_still_has_every_table(tmp_path: Path) -> None:
    generate(tmp_path / "tiny", start=date(2026, 6, 1), until=date(2026, 6, 3), scale=0.001)
    assert len(list((tmp_path / "tiny").glob("*.parquet"))) == len(TABLES)


def test_files_have_the_declared_columns_and_are_sorted_by_unique_keys(
    large: duckdb.DuckDBPyConnection,
) -> None:
    for table, (columns, key) in TABLES.items():
        declared = [part.split()[0] for part in columns.replace("(18, ", "(18;").split(", ")]
        assert large.table(table).columns == declared
        rows = large.table(table)
        if table != "setting_changes":  # those of a few days of the story alone
            assert _count(large, f"select count(*) from {table}") > 0, table
        assert rows.project(key).fetchall() == rows.project(key).order(key).fetchall(), table
        if table != "contact_updates":
            assert len(rows.project(key).distinct()) == len(rows), table


def test_every_promised_band_holds(large_world: Path) -> None:
    measured = measure(large_world)
    assert set(measured) == set(BANDS)
    outside = {
        name: value
        for name, value in measured.items()
        if not BANDS[name][0] <= value <= BANDS[name][1]
    }
    assert outside == {}


def test_days_scatter_by_the_promised_noise_beyond_counting() -> None:
    with duckdb.connect() as con:
        span = Span(start=date(2026, 1, 1), until=date(2027, 1, 1), scale=1000.0, seed=7)
        set_calendar(con, span, Course(Parameters()))
        noise, promoted, highest = con.sql("""
            select stddev(conversions / expected), count(*) filter (promotion > 1),
                max(promotion)
            from days where kind = 'shop' and day >= date '2026-01-01' and conversions > 0
        """).fetchone()
    assert 0.085 < noise < 0.115
    assert 24 <= promoted <= 48  # a dozen promotions of two to four days
    assert 1.6 <= highest <= 3.0


def test_ledger_entries_sum_to_what_came_in_for_each_order(
    large: duckdb.DuckDBPyConnection,
) -> None:
    assert _count(large, """
        with moved as (
            select order_id, sum(case kind when 'SALE' then amount else - amount end)
                filter (status = 'SUCCESS' and kind in ('SALE', 'REFUND')) as amount
            from transactions
            group by order_id
        ),
        taken_back as (
            select order_id, sum(amount) filter (not is_won or finalized_at
                >= (select max(ordered_at) from orders)) as amount
            from disputes
            group by order_id
        ),
        booked as (
            select conversion_id, sum(amount) as amount from true_ledger group by conversion_id
        )
        select count(*)
        from orders
        left join moved using (order_id)
        left join taken_back using (order_id)
        left join booked on conversion_id = 'shopify:' || order_id
        where coalesce(booked.amount, 0) <> case
            when is_test then 0
            else coalesce(moved.amount, 0) - coalesce(taken_back.amount, 0)
                - case life when 'gift_card' then total_amount else 0 end end
            or total_amount <> subtotal_amount - discount_amount + shipping_amount
            or coalesce(moved.amount, 0) < 0
    """) == 0  # fmt: skip
    assert _count(large, "select count(*) from orders where cancelled_at is not null") > 0
    assert _count(large, """
        select count(*) from refunds inner join orders using (order_id)
        where refunded_at < ordered_at or refunded_at > cancelled_at
    """) == 0  # fmt: skip


def test_orders_have_every_life_the_shop_can_show(large: duckdb.DuckDBPyConnection) -> None:
    lives = {life for (life,) in large.sql("select distinct life from orders").fetchall()}
    assert lives == {*payments.LIVES_MIX, "plain", "gift_card", "voided", "fee_kept", "paid_back"}
    kinds = {row for row in large.sql("select distinct kind, status from transactions").fetchall()}
    assert kinds == {("SALE", "SUCCESS"), ("REFUND", "SUCCESS"), ("REFUND", "FAILURE"),
                     ("AUTHORIZATION", "SUCCESS"), ("VOID", "SUCCESS")}  # fmt: skip
    types = {row for (row,) in large.sql("select distinct entry_type from true_ledger").fetchall()}
    assert types == {"sale", "discount", "refund", "cancellation", "chargeback", "correction",
                     "credit_sold", "credit_spent", "credit_returned"}  # fmt: skip


def test_what_deals_brought_is_what_those_that_stand_won_are_worth(
    large: duckdb.DuckDBPyConnection,
) -> None:
    assert _count(large, """
        with last as (
            select deal_id, arg_max({'stage': stage, 'amount': amount}, entered_at) as state
            from deal_stages
            group by deal_id
        ),
        expected as (
            select 'hubspot:' || coalesce(merged_id, deal_id) as conversion_id,
                case when state.stage in ('closedwon', '1049659') and archived_at is null
                    then coalesce(state.amount, 0) else 0 end as amount
            from deals
            inner join last using (deal_id)
            left join crm_merges on deal_id = primary_id
            where deal_id not in (select other_id from crm_merges)
        ),
        booked as (
            select conversion_id, sum(amount_local) as amount
            from true_ledger where conversion_id like 'hubspot:%' group by conversion_id
        )
        select count(*)
        from expected
        full join booked using (conversion_id)
        where coalesce(expected.amount, -1) <> coalesce(booked.amount, 0)
    """) == 0  # fmt: skip
    kinds = large.sql(
        "select distinct entry_type from true_ledger where conversion_id like 'hubspot:%'"
        " order by 1"
    ).fetchall()
    assert kinds == [("cancellation",), ("correction",), ("sale",)]


def test_the_crm_goes_through_every_life_it_can(large: duckdb.DuckDBPyConnection) -> None:
    lives = {
        "placeholders of 0": "deal_stages where stage in ('closedwon', '1049659') and amount = 0",
        "wins without an amount": "deal_stages where stage = 'closedwon' and amount is null",
        "imports": "deal_stages where written_by = 'IMPORT' and closed_at < entered_at",
        "deleted deals": "deals where archived_at is not null",
        "merged deals": "crm_merges",
        "second contacts": "deal_contacts where contact_id > 72000000000",
        "labels": "deal_contacts where label is not null",
        "people who ask again": "(select contact_id from enquiries group by 1 having count(*) > 1)",
        "people known before": "contacts inner join enquiries using (contact_id)"
        " where asked_at > created_at + interval 4 days",
        "answers": "activities",
    }
    for life, rows in lives.items():
        assert _count(large, f"select count(*) from {rows}") > 0, life


def test_foreign_amounts_use_the_last_working_days_rate_and_round_half_away_from_zero(
    large: duckdb.DuckDBPyConnection,
) -> None:
    rows = large.sql("""
        select amount_local, amount, units_per_eur
        from (
            select *, timezone('Europe/Lisbon', timezone('UTC', entry_at))::date as entry_date
            from true_ledger where currency_code <> 'EUR'
        ) as entries
        asof join fx on entries.currency_code = fx.currency_code and entry_date >= rate_date
    """).fetchall()
    assert rows
    for local, amount, rate in rows:
        assert amount == (local / rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_platforms_claim_conversions_they_share(large: duckdb.DuckDBPyConnection) -> None:
    assert _count(large, """
        select count(*) from (
            select order_id from claims where order_id is not null
            group by order_id having count(distinct platform) = 2)
    """) > 100  # fmt: skip
    assert _count(large, f"""
        select count(*) from claims where {HEADLINE_LAG} < 0 or known_at <= converted_at
            or {HEADLINE_LAG} > 86400 * case when kind = 'view' then 1
                when platform = 'google_ads' then 30 else 28 end
    """) == 0  # fmt: skip


def test_claims_become_known_hours_to_days_late(large: duckdb.DuckDBPyConnection) -> None:
    median, modelled = large.sql("""
        select median(epoch(known_at) - epoch(converted_at)) filter (not is_modelled) / 3600,
            median(epoch(known_at) - epoch(converted_at))
                filter (is_modelled and platform = 'google_ads') / 86400
        from claims
    """).fetchone()
    assert 1 < median < 24
    assert 2 < modelled < 7


def test_ad_days_settle_in_two_or_three_versions_below_the_account_total(
    large: duckdb.DuckDBPyConnection,
) -> None:
    assert _count(large, """
        select count(*) from (
            select known_at > lag(known_at) over days as is_later, version,
                count(*) over (partition by platform, campaign_id, ad_id, ad_date) as versions
            from ad_daily
            window days as (partition by platform, campaign_id, ad_id, ad_date order by version)
        )
        where versions not in (2, 3) or not coalesce(is_later, version = 1)
    """) == 0  # fmt: skip
    assert _count(large, """
        with moments as (select * from account_daily),
        stood as (
            select moments.platform, moments.ad_date, moments.version,
                moments.cost_micros as account_cost, moments.clicks as account_clicks,
                ad_daily.cost_micros, ad_daily.clicks
            from moments
            inner join ad_daily
                on moments.platform = ad_daily.platform and moments.ad_date = ad_daily.ad_date
                and ad_daily.known_at <= moments.known_at
            qualify row_number() over (
                partition by moments.platform, moments.ad_date, moments.version, campaign_id,
                    ad_id
                order by ad_daily.version desc) = 1
        )
        select count(*) from (
            select max(account_cost) < sum(cost_micros) or max(account_clicks) < sum(clicks)
                or max(account_cost) > 1.03 * sum(cost_micros) as is_wrong
            from stood group by platform, ad_date, version
        )
        where is_wrong
    """) == 0  # fmt: skip


def test_a_deleted_campaign_keeps_its_spend(large: duckdb.DuckDBPyConnection) -> None:
    rows = large.sql("""
        select platform, sum(cost_micros), max(ad_date) < min(valid_from)
        from campaign_versions inner join ad_daily using (platform, campaign_id)
        where status in ('REMOVED', 'DELETED') group by platform
    """).fetchall()
    assert len(rows) == 2
    assert all(spend > 0 and stopped for _, spend, stopped in rows)


def test_visits_without_consent_leave_no_cookie_in_ga4(large: duckdb.DuckDBPyConnection) -> None:
    assert _count(large, """
        select count(*) from ga4_events inner join visits using (visit_id)
        where (analytics_consent and ga4_events.client_id is distinct from visits.client_id)
            or (not analytics_consent and (ga4_events.client_id is not null
                or ga4_events.ga_session_id is not null or session_source is not null))
            or (not visits.ads_consent and ga4_events.gclid is not null)
    """) == 0  # fmt: skip
    assert _count(large, "select count(*) from ga4_events where client_id is null") > 0


def test_every_conversion_has_its_people_visits_and_campaigns(
    large: duckdb.DuckDBPyConnection,
) -> None:
    orphans = {
        "orders without visit": "(from orders where source_name = 'web') "
        "anti join visits using (visit_id, person_id)",
        "orders without person": "(from orders where source_name = 'web') "
        "anti join people using (person_id)",
        "contacts without visit": "(from contacts where visit_id is not null) "
        "anti join visits using (visit_id)",
        "deals without contact": "deals anti join contacts using (contact_id)",
        "stages without deal": "deal_stages anti join deals using (deal_id)",
        "claims without campaign": "claims anti join campaigns using (platform, campaign_id)",
        "clicks without visit": "(from ad_clicks where visit_id is not null) "
        "anti join visits using (visit_id, click_id, campaign_id)",
        "clicks without ad": "(from ad_clicks where ad_id is not null) "
        "anti join ads using (platform, campaign_id, ad_group_id, ad_id)",
        "ledger without truth": "true_ledger anti join truth using (conversion_id)",
    }
    for name, relation in orphans.items():
        assert _count(large, f"select count(*) from {relation}") == 0, name


def test_a_cause_is_an_ad_that_touched_the_buyer(large: duckdb.DuckDBPyConnection) -> None:
    assert _count(large, """
        with touches as (
            select person_id, campaign_id, clicked_at as touched_at from ad_clicks
            union all
            select person_id, campaign_id, viewed_at from ad_views
        )
        select count(*) from orders
        where caused_by_campaign_id is not null and ordered_at > timestamp '2026-07-05'
            and not exists (
                from touches where touches.person_id = orders.person_id
                and touches.campaign_id = orders.caused_by_campaign_id
                and touched_at between ordered_at - interval 30 days and ordered_at)
    """) == 0  # fmt: skip
    assert _count(large, "select count(*) from orders where caused_by_campaign_id is null") > 0
