"""The streams of google_ads: how they are cut, fetched again and kept."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream
from trueup.sources.google_ads.queries import CLAIM_LEVELS, DEFINITION, QUERIES
from trueup.sources.google_ads.terms import FIGURES

API_VERSION = "v26"

#: Daily reports are cut so that no answer grows past what one request carries comfortably.
CHUNK_DAYS = 30
#: Days are kept for 37 months; a little less, since months differ.
RETENTION_DAYS = 37 * 30
#: Clicks and cost settle within days; once a week as many as one request answers are asked for
#: again all the same, for what is taken back later.
PERFORMANCE_RESTATE_DAYS, WEEKLY_RESTATE_DAYS = 7, CHUNK_DAYS - 1
SETTLES_IN_DAYS = 4
#: Imports and modelled conversions are reported up to so much late.
LATE_DAYS = 10
#: A conversion is credited to the day of its click: thirty days of click-through window where
#: nobody set another, and ninety at most.
CONVERSIONS_RESTATE_DAYS = 30 + LATE_DAYS
LONGEST_WINDOW_DAYS = 90


def _report(name: str, *key: str, shape: str = "ad_performance") -> Stream:
    query = QUERIES[name]
    return Stream(
        name,
        query.columns,
        key=("customer_id", *key, "ad_date"),
        day="ad_date",
        restate_days=PERFORMANCE_RESTATE_DAYS,
        settles_in_days=SETTLES_IN_DAYS if shape == "account_spend" else None,
        chunk_days=CHUNK_DAYS,
        retention_days=RETENTION_DAYS,
        control=tuple(column.name for column, _ in query.metrics),
        money="cost",
        shape=shape,
    )


def _claims(name: str) -> Stream:
    """Days without a conversion are normal, so an empty one is not an error."""
    queries = CLAIM_LEVELS[name]
    optional = {"ad_group_id", "ad_id"}
    columns = [
        Column(column.name, column.type, column.name not in optional)
        for column in queries["ad"].columns
    ]
    return Stream(
        name,
        (Column("level", required=True), *columns, *(column for column, _ in DEFINITION)),
        key=(
            "level",
            "customer_id",
            "campaign_id",
            "ad_group_id",
            "ad_id",
            "conversion_action_id",
            "ad_date",
        ),
        day="ad_date",
        restate_days=CONVERSIONS_RESTATE_DAYS,
        chunk_days=CONVERSIONS_RESTATE_DAYS + 1,
        retention_days=RETENTION_DAYS,
        history=True,
        empty_ok=True,
        control=tuple(column.name for column, _ in queries["ad"].metrics),
        shape="claims",
    )


def _state(
    name: str, *key: str, shape: str, besides: tuple[Column, ...] = (), empty_ok: bool = False
) -> Stream:
    return Stream(
        name,
        (*QUERIES[name].columns, *besides),
        key=("customer_id", *key),
        kind="snapshot",
        history=True,
        empty_ok=empty_ok,
        shape=shape,
    )


STREAMS = (
    _report("account_performance", shape="account_spend"),
    _report("campaign_performance", "campaign_id"),
    _report("ad_performance", "campaign_id", "ad_group_id", "ad_id"),
    _claims("conversions"),
    _claims("conversions_by_conversion_date"),
    _state("conversion_actions", "conversion_action_id", shape="claim_definitions"),
    _state("customer_settings", shape="settings", besides=(Column("linked_products"),)),
    _state("campaigns", "campaign_id", shape="campaigns"),
    # An account of Performance Max alone has no ads.
    _state("ads", "ad_group_id", "ad_id", shape="ads", empty_ok=True),
    # What is claimed moves as long as claims do. An account may have no campaign that knows terms.
    Stream(
        "search_terms",
        QUERIES["search_terms"].columns,
        key=("customer_id", "campaign_id", "ad_group_id", "ad_id", "ad_date", "search_term"),
        day="ad_date",
        restate_days=CONVERSIONS_RESTATE_DAYS,
        chunk_days=CONVERSIONS_RESTATE_DAYS + 1,
        retention_days=RETENTION_DAYS,
        empty_ok=True,
        control=FIGURES,
        money="cost",
        shape="search_performance",
    ),
    # Google keeps clicks for 90 days and answers for one day at a time.
    Stream(
        "clicks",
        QUERIES["clicks"].columns,
        key=("customer_id", "gclid"),
        day="ad_date",
        restate_days=1,
        chunk_days=1,
        retention_days=90,
        control=("clicks",),
        shape="clicks",
    ),
)
