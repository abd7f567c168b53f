"""What the demo's ads say, where they lead and what came of them, beside what the world did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from built import Company

SHOP, WEDDINGS = "shop.harbourhouse.example", "weddings.harbourhouse.example"


@pytest.fixture(scope="module")
def mart(built_company: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_company.place.build_file), read_only=True) as con:
        yield con


def test_every_ad_that_is_listed_has_its_words_and_its_page(
    mart: duckdb.DuckDBPyConnection, sandbox: Any
) -> None:
    """Deleted ads of Meta were never listed, and shopping ads show what a catalogue says."""
    made = {str(row["ad_id"]): row for row in sandbox.desk.rows("select * from ads")}
    found = mart.execute(
        "select ad_id, ad_name, headline, page, ad_type from marts.dim_creative"
        " where status is not null"
    ).fetchall()
    assert len(found) > 30
    for ad_id, name, headline, page, kind in found:
        ad = made[ad_id]
        assert name == ad["ad_name"]
        assert kind == "SHOPPING_PRODUCT_AD" or ad["headline"] in headline
        address = ad["final_url"].partition("?")[0].removeprefix("https://")
        expected = f"{SHOP}/products/*" if "/products/" in address else address
        assert page.rstrip("/") == expected.rstrip("/")


@pytest.mark.parametrize(
    ("headline", "angle", "offer", "page", "topic", "is_matched"),
    [
        ("Spa passes from 60 euro", "(none)", "from_60_euro", f"{SHOP}/collections/spa", "spa",
         True),
        ("Send a hamper in two days", "speed", "two_days", f"{SHOP}/collections/hampers", "hampers",
         True),
        ("Your basket is waiting", "reminder", "(none)", f"{SHOP}/", "shop", True),
        ("Still thinking about it?", "reminder", "(none)", f"{SHOP}/", "shop", False),
        ("Marry by the sea", "place", "(none)", f"{WEDDINGS}/", "weddings", True),
        ("Free delivery this week", "(none)", "free_delivery", f"{SHOP}/", "shop", True),
    ],
)  # fmt: skip
def test_an_ads_angle_offer_and_match_are_those_a_person_would_read(
    mart: duckdb.DuckDBPyConnection, headline: str, angle: str, offer: str, page: str,
    topic: str, is_matched: bool,
) -> None:  # fmt: skip
    rows = mart.execute(
        "select distinct angle, offer, page, page_topic, is_matched from marts.dim_creative"
        " where starts_with(headline, ?)",
        [headline],
    ).fetchall()
    assert rows == [(angle, offer, page, topic, is_matched)]


def test_an_ads_first_day_is_the_first_it_was_shown_on(mart: duckdb.DuckDBPyConnection) -> None:
    """Each ad has every number of a day once, without a gap, in the order of its days."""
    assert mart.execute(
        """
        select creative_key from marts.fct_creative_daily where exposure_day is not null
        group by creative_key
        having count(*) != max(exposure_day) or count(distinct exposure_day) != count(*)
            or arg_min(exposure_day, report_date) != 1
        """
    ).fetchall() == []  # fmt: skip
    (days,) = mart.execute("select max(exposure_day) from marts.fct_creative_daily").fetchone()
    assert days > 30


def test_creatives_have_all_that_ads_cost_and_claim(mart: duckdb.DuckDBPyConnection) -> None:
    """And no sale of an affiliate, which its platform names where others name an ad."""
    (spend, claimed) = mart.execute(
        """
        select
            (select sum(spend_amount) from marts.fct_creative_daily)
                - (select sum(spend_amount) from marts.fct_ad_performance_daily
                    where ad_id is not null),
            (select sum(claimed_conversions) from marts.fct_creative_daily)
                - (select sum(claimed_conversions) from marts.fct_platform_claims
                    where ad_id is not null and is_headline and tier = 'strong'
                    and platform in ('google_ads', 'meta_ads'))
        """
    ).fetchone()
    assert (spend, claimed) == (0, 0)
    platforms = mart.execute("select distinct platform from marts.dim_creative").fetchall()
    assert sorted(platforms) == [("google_ads",), ("meta_ads",)]


def test_what_came_of_an_ads_visits_is_known_of_the_platform_that_keeps_clicks_alone(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    known = dict(
        mart.execute(
            "select platform, sum(sessions) from marts.fct_creative_daily group by platform"
        ).fetchall()
    )
    (clicked,) = mart.execute(
        "select count(*) from marts.fct_touches where ad_id is not null"
        " and touch_type = 'ga4_session'"
    ).fetchone()
    assert known == {"google_ads": clicked, "meta_ads": None} and clicked > 0


def test_a_step_is_counted_once_a_visit(mart: duckdb.DuckDBPyConnection) -> None:
    steps = mart.execute(
        "select sum(sessions), sum(engaged_sessions), sum(product_view_sessions),"
        " sum(form_start_sessions), sum(cart_sessions), sum(checkout_sessions),"
        " sum(enquiry_sessions) from marts.fct_funnel_daily"
    ).fetchone()
    goals = dict(
        mart.execute(
            "select goal, count(*) from intermediate.int_weak_goals__visits"
            " where session_key is not null group by goal"
        ).fetchall()
    )
    (visits,) = mart.execute(
        "select count(*) from marts.fct_touches where touch_type = 'ga4_session'"
    ).fetchone()
    assert steps == (
        visits, goals["engaged_visit"], goals["product_view"], goals.get("form_start", 0),
        goals["add_to_cart"], goals["begin_checkout"], None,
    )  # fmt: skip
    # a record of the CRM speaks for the enquiry, so the event of it is no step


def test_a_mature_days_rates_are_of_its_own_visits(mart: duckdb.DuckDBPyConnection) -> None:
    """Conversions stand with the visit they came of: more than there were visits is impossible
    where each is credited to one."""
    worse = mart.execute(
        """
        select report_date, channel from marts.fct_funnel_daily where sessions > 0
        group by all having sum(strong_conversions) > sum(sessions)
        """
    ).fetchall()
    assert worse == []
    assert mart.execute(
        "select bool_or(is_mature), bool_and(is_mature) from marts.fct_funnel_daily"
    ).fetchone() == (True, False)


def test_ad_and_page_are_compared_where_both_are_known(mart: duckdb.DuckDBPyConnection) -> None:
    judged, matched, tagged = mart.execute(
        "select sum(judged_sessions), sum(matched_sessions), sum(tagged_sessions)"
        " from marts.fct_landing_page_daily where channel = 'retargeting'"
    ).fetchone()
    # one of the two retargeting ads on Google says nothing of what the page is about
    assert 0 < matched < judged <= tagged
