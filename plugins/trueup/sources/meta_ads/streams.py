"""The streams of meta_ads, named and typed as Meta's insights name them."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream
from trueup.sources.graph_api import API_VERSION as API_VERSION

#: Delivery settles within days, money sooner; both are fetched again for longer, to be sure.
RESTATE_DAYS, SETTLES_IN_DAYS = 28, 4
#: Conversions move for as long as the longest window asked for, and are reported up to a week late.
ACTIONS_RESTATE_DAYS = 28 + 7
#: A month of ads by day is what one job answers without "reduce the amount of data".
CHUNK_DAYS = 30
#: Insights reach 37 months back; a little less, since months differ.
RETENTION_DAYS = 37 * 30

#: `7d_view` and `28d_view` are still in Meta's enums but ended on 12 January 2026.
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
#: Whole numbers whose sum over all pages Meta states. Spend is rounded row by row: not exact.
STATED = ("impressions", "clicks")
#: Archived campaigns are left out unless asked for by status; deleted ones may not be asked for.
CAMPAIGN_STATUSES = ("ACTIVE", "PAUSED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES")
#: Deleted and archived ads are left out of insights, spend and all, unless asked for by status.
AD_STATUSES = (
    *CAMPAIGN_STATUSES,
    "DELETED",
    "ADSET_PAUSED",
    "CAMPAIGN_PAUSED",
    "DISAPPROVED",
    "PENDING_BILLING_INFO",
    "PENDING_REVIEW",
    "PREAPPROVED",
)
#: Those that are still listed: of deleted ones only reports speak.
LISTED_AD_STATUSES = tuple(status for status in AD_STATUSES if status != "DELETED")
#: What Meta's plain `value` becomes: the count under the ad set's own attribution setting.
DEFAULT_WINDOW = "default"

_MONEY = "DECIMAL(18,6)"
_ACCOUNT = (Column("account_id", required=True), Column("account_currency", required=True))
_DAY = (Column("date_start", "DATE", required=True), Column("date_stop", "DATE", required=True))
_AD = (
    Column("campaign_id", required=True),
    Column("adset_id", required=True),
    Column("ad_id", required=True),
)
_DELIVERY = (
    Column("impressions", "BIGINT", required=True),
    Column("clicks", "BIGINT", required=True),
    Column("spend", _MONEY, required=True),
)
DELIVERY = tuple(column.name for column in _DELIVERY)

AD_PERFORMANCE = Stream(
    name="ad_performance",
    shape="ad_performance",
    columns=(
        *_ACCOUNT,
        *_AD,
        Column("campaign_name"),
        *_DAY,
        Column("attribution_setting"),
        *_DELIVERY,
    ),
    key=("account_id", "ad_id", "date_start"),
    day="date_start",
    restate_days=RESTATE_DAYS,
    chunk_days=CHUNK_DAYS,
    retention_days=RETENTION_DAYS,
    control=DELIVERY,
    money="spend",
)

ACCOUNT_PERFORMANCE = Stream(
    name="account_performance",
    shape="account_spend",
    columns=(*_ACCOUNT, *_DAY, *_DELIVERY),
    key=("account_id", "date_start"),
    day="date_start",
    restate_days=RESTATE_DAYS,
    settles_in_days=SETTLES_IN_DAYS,
    chunk_days=CHUNK_DAYS,
    retention_days=RETENTION_DAYS,
    control=DELIVERY,
    money="spend",
)

#: One row per ad, day, action type and window. Link clicks are actions, so no day is without.
ACTIONS = Stream(
    name="actions",
    shape="claims",
    columns=(
        *_ACCOUNT,
        *_AD,
        _DAY[0],
        Column("attribution_setting"),
        Column("action_type", required=True),
        Column("attribution_window", required=True),
        Column("action_count", _MONEY),
        Column("action_value", _MONEY),
    ),
    key=("account_id", "ad_id", "date_start", "action_type", "attribution_window"),
    day="date_start",
    restate_days=ACTIONS_RESTATE_DAYS,
    chunk_days=ACTIONS_RESTATE_DAYS + 1,
    retention_days=RETENTION_DAYS,
    history=True,
    control=("action_count",),
)

CAMPAIGNS = Stream(
    name="campaigns",
    shape="campaigns",
    columns=(
        Column("account_id", required=True),
        Column("id", required=True),
        Column("name", required=True),
        Column("objective"),
        Column("status", required=True),
        Column("effective_status", required=True),
    ),
    key=("account_id", "id"),
    kind="snapshot",
    history=True,
)

ADS = Stream(
    name="ads",
    shape="ads",
    columns=(
        Column("account_id", required=True),
        Column("id", required=True),
        Column("name", required=True),
        Column("campaign_id", required=True),
        Column("adset_id", required=True),
        Column("effective_status", required=True),
        Column("creative_id"),
        Column("object_type"),
        Column("asset_id"),
        Column("headline"),
        Column("description"),
        Column("landing_url"),
    ),
    key=("account_id", "id"),
    kind="snapshot",
    history=True,
)

ACCOUNT_SETTINGS = Stream(
    name="account_settings",
    shape="settings",
    columns=(
        Column("account_id", required=True),
        Column("currency", required=True),
        Column("timezone_name", required=True),
        Column("account_status", "BIGINT", required=True),
    ),
    key=("account_id",),
    kind="snapshot",
    history=True,
)

#: What the account measures with, one row per object and setting.
MEASUREMENT_SETTINGS = Stream(
    name="measurement_settings",
    shape="settings",
    columns=(
        Column("account_id", required=True),
        Column("object_type", required=True),
        Column("object_id", required=True),
        Column("object_name"),
        Column("setting", required=True),
        Column("value"),
    ),
    key=("account_id", "object_type", "object_id", "setting"),
    kind="snapshot",
    history=True,
)

STREAMS = (
    ACCOUNT_SETTINGS,
    CAMPAIGNS,
    ADS,
    ACCOUNT_PERFORMANCE,
    AD_PERFORMANCE,
    ACTIONS,
    MEASUREMENT_SETTINGS,
)
