"""What ad platforms and affiliate networks say they caused, and by which definition."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, TEXT, TRUTH
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import ACCOUNT, AD, CAMPAIGN, CURRENCY, PLATFORM

CLAIMS = Shape(
    "claims",
    "Conversions a platform says it caused, by its own definition.",
    (
        "platform",
        "account_id",
        "campaign_id",
        "ad_group_id",
        "ad_id",
        "claim_date",
        "action_id",
        "date_basis",
        "attribution_model",
        "click_window_days",
        "view_window_days",
        "is_view_through",
        "is_modelled",
        "currency_code",
    ),
    (
        Column("feed", TEXT, "the feed it comes from; null for vendors' APIs"),
        Column("platform", TEXT, PLATFORM.meaning, True),
        ACCOUNT,
        CAMPAIGN,
        *AD,
        Column("claim_date", DATE, "day of the ad account the platform counts it on", True),
        Column("action_id", TEXT, "the platform's id of what was done", True),
        Column("action_name", TEXT, "what the platform calls it"),
        Column("date_basis", TEXT, "click_date, impression_date or conversion_date", True),
        Column("attribution_model", TEXT, "how the platform shares credit"),
        Column("click_window_days", "INTEGER", "days after a click that count"),
        Column("view_window_days", "INTEGER", "days after a view that count"),
        Column("is_view_through", TRUTH, "whether no click stands behind it"),
        Column("is_modelled", TRUTH, "whether it is estimated; null where nobody says"),
        CURRENCY,
        Column("time_zone", TEXT, "IANA zone of the ad account's days"),
        Column("claimed_conversions", DECIMAL, "how many", True),
        Column("claimed_amount_local", DECIMAL, "their value; null where none is stated"),
        Column("is_current", TRUTH, "whether its load is the one in force for its day", True),
    ),
    money="claimed_amount_local",
    is_witness=True,
    has_every_load=True,
)

AFFILIATE_SALES = Shape(
    "affiliate_sales",
    "Sales that affiliates are credited with, as each stands: pending, approved or declined.",
    ("platform", "account_id", "sale_id"),
    (
        Column("platform", TEXT, PLATFORM.meaning, True),
        ACCOUNT,
        Column("campaign_id", TEXT, "the affiliate"),
        Column("sale_id", TEXT, "the network's id of it", True),
        Column("order_id", TEXT, "the order it names"),
        Column("action", TEXT, "what was done: `sale`, `lead` or `bonus`", True),
        Column("status", TEXT, "`pending`, `approved`, `declined` or `deleted`", True),
        Column("reason", TEXT, "why it was declined; null where it was not, or nobody says"),
        Column("sold_at", INSTANT, "when it was made", True),
        Column("sold_date", DATE, "day of the network's account on which it was", True),
        Column("validated_date", DATE, "day on which it was approved or declined"),
        CURRENCY,
        Column("amount_local", DECIMAL, "what the customer bought for"),
        Column("commission_currency_code", TEXT, "currency of the commission"),
        Column("commission_amount_local", DECIMAL, "what the affiliate is to have, or has"),
    ),
    money="amount_local",
    is_witness=True,
)

CLAIM_DEFINITIONS = Shape(
    "claim_definitions",
    "Actions a platform counts as conversions, as they are set now.",
    ("platform", "account_id", "action_id"),
    (
        Column("platform", TEXT, PLATFORM.meaning, True),
        ACCOUNT,
        Column("action_id", TEXT, "the platform's id of the action", True),
        Column("action_name", TEXT, "what the platform calls it"),
        Column("status", TEXT, "the platform's status"),
        Column("is_primary", TRUTH, "whether it steers bidding"),
        Column("attribution_model", TEXT, "how the platform shares credit"),
        Column("click_window_days", "INTEGER", "days after a click that count"),
        Column("view_window_days", "INTEGER", "days after a view that count"),
    ),
    is_witness=True,
)
