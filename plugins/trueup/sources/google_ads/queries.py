"""What is asked of Google Ads: for every stream a resource and a GAQL field for each column."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.sources.contract import Column


@dataclass(frozen=True)
class Query:
    """A GAQL resource and, for each landed column, the field it is read from."""

    resource: str
    fields: tuple[tuple[Column, str], ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for column, _ in self.fields)

    @property
    def metrics(self) -> tuple[tuple[Column, str], ...]:
        return tuple(pair for pair in self.fields if pair[1].startswith("metrics."))

    def text(self, where: str = "") -> str:
        fields = ", ".join(field for _, field in self.fields)
        return f"SELECT {fields} FROM {self.resource}" + (f" WHERE {where}" if where else "")


def _of(resource: str, *names: str, type: str = "VARCHAR", required: bool = True) -> tuple:
    """Columns called like their fields, except that an `id` carries its resource's name."""
    return tuple(
        (
            Column(f"{resource}_id" if name == "id" else name.rpartition(".")[2], type, required),
            f"{resource}.{name}",
        )
        for name in names
    )


_ACCOUNT = _of("customer", "id", "currency_code", "time_zone")
_DATE = ((Column("ad_date", "DATE", True), "segments.date"),)
_CAMPAIGN = _of("campaign", "id")
_AD_GROUP = _of("ad_group", "id")
_AD = ((Column("ad_id", required=True), "ad_group_ad.ad.id"),)
#: Google counts money in millionths of the account's currency; it lands in units of it.
MICROS = "metrics.cost_micros"
_TRAFFIC = (
    *_of("metrics", "impressions", "clicks", type="BIGINT"),
    (Column("cost", "DECIMAL(18,6)", required=True), MICROS),
)
_ACTION = (
    (Column("conversion_action_id", required=True), "segments.conversion_action"),
    (Column("conversion_action_name", required=True), "segments.conversion_action_name"),
)
_BY_CLICK = (
    *_of(
        "metrics",
        "conversions",
        "all_conversions",
        "all_conversions_value",
        type="DECIMAL(18,6)",
    ),
    *_of("metrics", "view_through_conversions", type="BIGINT"),
)
_BY_CONVERSION = _of(
    "metrics",
    "conversions_by_conversion_date",
    "all_conversions_by_conversion_date",
    "all_conversions_value_by_conversion_date",
    type="DECIMAL(18,6)",
)

_MODEL = "attribution_model_settings.attribution_model"
_WINDOWS = ("click_through_lookback_window_days", "view_through_lookback_window_days")
#: Settings of conversion actions that define a claim; every claim carries them as they were
#: when it was fetched, because Google changes past claims when they are changed.
DEFINITION = (
    *_of("conversion_action", _MODEL, required=False),
    *_of("conversion_action", *_WINDOWS, type="BIGINT", required=False),
)

#: The account whose conversion actions count for this one: itself, or a manager above it.
_CONVERSION_CUSTOMER = "customer.conversion_tracking_setting.google_ads_conversion_customer"
#: The page an ad leads to, the first of them where an ad lists more.
LANDING_PAGE = "ad_group_ad.ad.final_urls"
#: Without these terms no enhanced conversion is counted.
_DATA_TERMS = "conversion_tracking_setting.accepted_customer_data_terms"
_CLAIMED = _of("metrics", "conversions", type="DECIMAL(18,6)")
_SEARCHED_AD = (
    *_ACCOUNT,
    *_CAMPAIGN,
    *_AD_GROUP,
    *_AD,
    (Column("landing_page"), LANDING_PAGE),
    *_DATE,
)

#: Ads whose texts Google puts together itself, and the fields of each that hold a list of them;
#: what an ad of another type shows it takes from a product or a page.
_TEXTS = {
    "search": "ad_group_ad.ad.responsive_search_ad",
    "display": "ad_group_ad.ad.responsive_display_ad",
    "video": "ad_group_ad.ad.video_responsive_ad",
    "demand_gen": "ad_group_ad.ad.demand_gen_multi_asset_ad",
}
_AD_TEXTS = tuple(
    (Column(f"{kind}_{texts}"), f"{field}.{texts}")
    for kind, field in _TEXTS.items()
    for texts in ("headlines", "descriptions")
)
#: Such lists: of each asset its text is kept.
ASSETS = frozenset(field for _, field in _AD_TEXTS)

QUERIES = {
    "account_performance": Query("customer", (*_ACCOUNT, *_DATE, *_TRAFFIC)),
    "campaign_performance": Query("campaign", (*_ACCOUNT, *_CAMPAIGN, *_DATE, *_TRAFFIC)),
    "ad_performance": Query(
        "ad_group_ad", (*_ACCOUNT, *_CAMPAIGN, *_AD_GROUP, *_AD, *_DATE, *_TRAFFIC)
    ),
    "campaigns": Query(
        "campaign",
        (
            *_ACCOUNT[:1],
            *_CAMPAIGN,
            (Column("campaign_name", required=True), "campaign.name"),
            *_of("campaign", "status", "advertising_channel_type"),
            *_of("campaign", "advertising_channel_sub_type", required=False),
        ),
    ),
    "ads": Query(
        "ad_group_ad",
        (
            *_ACCOUNT[:1],
            *_CAMPAIGN,
            *_AD_GROUP,
            *_AD,
            (Column("ad_name"), "ad_group_ad.ad.name"),
            (Column("ad_type", required=True), "ad_group_ad.ad.type"),
            (Column("status", required=True), "ad_group_ad.status"),
            (Column("landing_page"), LANDING_PAGE),
            *_AD_TEXTS,
        ),
    ),
    "conversion_actions": Query(
        "conversion_action",
        (
            *_ACCOUNT[:1],
            *_of("conversion_action", "id", "name", "status"),
            *_of("conversion_action", "primary_for_goal", type="BOOLEAN", required=False),
            *_of("conversion_action", "category", "counting_type", required=False),
            # A manager's action counts in the accounts below it, and is listed there too.
            (Column("owner_customer_id"), "conversion_action.owner_customer"),
            *DEFINITION,
        ),
    ),
    "customer_settings": Query(
        "customer",
        (
            *_ACCOUNT,
            *_of("customer", "status"),
            *_of("customer", "auto_tagging_enabled", type="BOOLEAN"),
            *_of("customer", "conversion_tracking_setting.conversion_tracking_status"),
            (Column("conversion_customer_id"), _CONVERSION_CUSTOMER),
            *_of("customer", _DATA_TERMS, type="BOOLEAN", required=False),
            *_of("customer", "tracking_url_template", "final_url_suffix", required=False),
        ),
    ),
    "search_terms": Query(
        "search_term_view",
        (
            *_SEARCHED_AD,
            *_of("search_term_view", "search_term", required=False),
            *_TRAFFIC,
            *_CLAIMED,
        ),
    ),
    "clicks": Query(
        "click_view",
        (
            *_ACCOUNT[:1],
            *_CAMPAIGN,
            (Column("ad_group_id"), "ad_group.id"),
            (Column("ad_id"), "click_view.ad_group_ad"),
            *_DATE,
            *_of("click_view", "gclid"),
            *_of("metrics", "clicks", type="BIGINT"),
        ),
    ),
}

#: Claims are asked for at two levels. `campaign` is complete; `ad` says which ad, where the
#: campaign has ads (Performance Max has none). Staging takes the ad rows and, of the campaign
#: rows, only what no ad accounts for, so that each claim stands once. Ads are asked for first: what
#: Google books between the questions is then the campaign's, never more ads than campaign.
CLAIM_LEVELS = {
    stream: {
        "ad": Query(
            "ad_group_ad", (*_ACCOUNT, *_CAMPAIGN, *_AD_GROUP, *_AD, *_DATE, *_ACTION, *metrics)
        ),
        "campaign": Query("campaign", (*_ACCOUNT, *_CAMPAIGN, *_DATE, *_ACTION, *metrics)),
    }
    for stream, metrics in (
        ("conversions", _BY_CLICK),
        ("conversions_by_conversion_date", _BY_CONVERSION),
    )
}
#: All that the ads of the campaigns which know search terms showed, whatever was typed.
TERM_TOTALS = Query("ad_group_ad", (*_SEARCHED_AD, *_TRAFFIC, *_CLAIMED))
HAS_TERMS = "campaign.advertising_channel_type IN ('SEARCH', 'SHOPPING')"
#: The fields, resource names, of which only the last id is kept.
RESOURCE_NAMES = frozenset(
    {
        "segments.conversion_action",
        "click_view.ad_group_ad",
        "conversion_action.owner_customer",
        _CONVERSION_CUSTOMER,
    }
)
#: What the account is linked to besides.
LINKS = Query(
    "product_link",
    (
        *_ACCOUNT[:1],
        (Column("product_type"), "product_link.type"),
        (Column("merchant_center_id"), "product_link.merchant_center.merchant_center_id"),
    ),
)
#: The one question behind DEFINITION.
DEFINITIONS = Query("conversion_action", (*_of("conversion_action", "id", "status"), *DEFINITION))
#: Who owns the actions that DEFINITIONS of the account does not list.
OWNER = Query("customer", ((Column("conversion_customer_id"), _CONVERSION_CUSTOMER),))
