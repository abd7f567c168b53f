"""What ads cost and brought to the site, and what campaigns are called."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, INSTANT, TEXT
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import ACCOUNT, AD, CAMPAIGN, CURRENCY, PLATFORM, TRAFFIC

AD_PERFORMANCE = Shape(
    "ad_performance",
    "What ads cost and brought to the site, by ad or, where a platform has none, by campaign.",
    (
        "platform",
        "account_id",
        "campaign_id",
        "ad_group_id",
        "ad_id",
        "ad_date",
        "currency_code",
        "level",
    ),
    (
        Column("feed", TEXT, "the feed it comes from; null for vendors' APIs"),
        Column("level", TEXT, "`ad`, or `campaign` where the row is a campaign's total", True),
        Column("platform", TEXT, PLATFORM.meaning, True),
        ACCOUNT,
        CAMPAIGN,
        *AD,
        Column("campaign_name", TEXT, "what the campaign is called on the row itself"),
        Column("ad_date", DATE, "day of the ad account", True),
        CURRENCY,
        *TRAFFIC,
    ),
    money="spend_amount_local",
)

ACCOUNT_SPEND = Shape(
    "account_spend",
    "What an account was charged on a day: the control total of its rows.",
    ("platform", "account_id", "ad_date"),
    (
        Column("platform", TEXT, PLATFORM.meaning, True),
        Column("account_id", TEXT, "the platform's account", True),
        Column("ad_date", DATE, "day of the ad account", True),
        CURRENCY,
        *TRAFFIC,
    ),
    money="spend_amount_local",
)

CAMPAIGNS = Shape(
    "campaigns",
    "What a campaign was called at a moment; one row per campaign and load that lists it.",
    ("platform", "account_id", "campaign_id", "observed_at"),
    (
        Column("platform", TEXT, PLATFORM.meaning, True),
        ACCOUNT,
        Column("campaign_id", TEXT, CAMPAIGN.meaning, True),
        Column("campaign_name", TEXT, "its name"),
        Column("campaign_type", TEXT, "the platform's type or objective"),
        Column(
            "type_channel",
            TEXT,
            "the channel a campaign of that type is of; (unmapped) where the platform's table"
            " does not have the type, null where the platform has no types",
        ),
        Column("status", TEXT, "the platform's status"),
        Column("observed_at", INSTANT, "when it was seen so; null: ever since"),
    ),
    is_witness=True,
)

#: What an ad is and says. Files bring it on their rows of performance.
MESSAGE = (
    Column("ad_name", TEXT, "what the ad is called"),
    Column("ad_type", TEXT, "the platform's type of the ad"),
    Column(
        "asset_id",
        TEXT,
        "the film or picture it shows, by the platform's id; null of text and of what"
        " the platform puts together itself",
    ),
    Column(
        "headline", TEXT, "its headlines, those the platform chooses from with ` | ` between them"
    ),
    Column("description", TEXT, "its text, likewise"),
    Column("landing_url", TEXT, "the page it leads to, the first where it lists several"),
)

ADS = Shape(
    "ads",
    "What an ad was and said at a moment; one row per ad and load that lists it.",
    ("platform", "account_id", "ad_group_id", "ad_id", "observed_at"),
    (
        Column("platform", TEXT, PLATFORM.meaning, True),
        ACCOUNT,
        CAMPAIGN,
        Column("ad_group_id", TEXT, "ad group or ad set"),
        Column("ad_id", TEXT, "the ad", True),
        *MESSAGE,
        Column("status", TEXT, "the platform's status"),
        Column("observed_at", INSTANT, "when it was seen so; null: ever since"),
    ),
    is_witness=True,
)

CLICKS = Shape(
    "clicks",
    "Clicks by the platform's own record: what a click id means.",
    ("click_id",),
    (
        Column("platform", TEXT, PLATFORM.meaning, True),
        Column("account_id", TEXT, "the platform's account", True),
        Column("click_id", TEXT, "the id links carry", True),
        CAMPAIGN,
        *AD,
        Column("click_date", DATE, "day of the ad account", True),
    ),
    is_witness=True,
)
