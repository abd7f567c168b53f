"""What searches showed of the site."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, SUM, TEXT, TRUTH, WHOLE
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import AD, CURRENCY

SEARCH_PERFORMANCE = Shape(
    "search_performance",
    "What searches showed of the site and brought to it, unpaid and paid, by query and page. "
    "What a vendor names no query for is a row of its own.",
    (
        "is_paid",
        "account_id",
        "search_type",
        "search_date",
        "campaign_id",
        "ad_group_id",
        "ad_id",
        "page",
        "query",
    ),
    (
        Column("account_id", TEXT, "the property or ad account", True),
        Column("search_date", DATE, "day of the property or ad account", True),
        Column("is_paid", TRUTH, "whether ads were shown", True),
        Column("search_type", TEXT, "`web`, `image`, `video` or `news`", True),
        Column("campaign_id", TEXT, "the campaign, where it was paid for"),
        *AD,
        Column(
            "page",
            TEXT,
            "the page that was shown or that the ad leads to; null where it is not stated",
        ),
        Column("query", TEXT, "what was typed; null where it is withheld or is personal"),
        Column("is_anonymised", TRUTH, "whether the query is withheld or is personal", True),
        Column("is_final", TRUTH, "false while the vendor still counts the day", True),
        Column("impressions", WHOLE, "times it was shown", True),
        Column("clicks", WHOLE, "clicks on it", True),
        Column(
            "position",
            DECIMAL,
            "average place among the results, 1 is the first; null where it is not known",
        ),
        CURRENCY,
        Column("spend_amount_local", SUM, "what it cost; null where it is unpaid"),
        Column(
            "claimed_conversions", DECIMAL, "what the ad platform claims; null where it is unpaid"
        ),
    ),
    money="spend_amount_local",
    is_witness=True,
)
