"""Which GAQL fields the sandbox knows, and which may be asked of which resource."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE, NUMBER, TEXT, TRUTH, DAY, TEXTS = "int64", "double", "string", "bool", "date", "strings"
#: A list of assets, each an object with its text.
ASSETS = "assets"

#: What an ad says stands under its type, and nothing under any other.
AD_TEXTS = tuple(
    f"ad_group_ad.ad.{type}.{texts}"
    for type in (
        "responsive_search_ad",
        "responsive_display_ad",
        "video_responsive_ad",
        "demand_gen_multi_asset_ad",
    )
    for texts in ("headlines", "descriptions")
)

_TRAFFIC = ("impressions", "clicks", "cost_micros")
_CLAIMS = (
    "conversions",
    "conversions_value",
    "all_conversions",
    "all_conversions_value",
    "conversions_by_conversion_date",
    "conversions_value_by_conversion_date",
    "all_conversions_by_conversion_date",
    "all_conversions_value_by_conversion_date",
)

#: Every field the sandbox knows, with its kind.
FIELDS: dict[str, str] = {
    **dict.fromkeys(
        ("customer.id", "campaign.id", "ad_group.id", "ad_group_ad.ad.id", "conversion_action.id"),
        WHOLE,
    ),
    **dict.fromkeys(
        (
            "customer.resource_name",
            "customer.descriptive_name",
            "customer.currency_code",
            "customer.time_zone",
            "customer.status",
            "customer.tracking_url_template",
            "customer.final_url_suffix",
            "customer.conversion_tracking_setting.conversion_tracking_status",
            "customer.conversion_tracking_setting.google_ads_conversion_customer",
            "campaign.resource_name",
            "campaign.name",
            "campaign.status",
            "campaign.advertising_channel_type",
            "campaign.advertising_channel_sub_type",
            "campaign.bidding_strategy_type",
            "campaign.start_date_time",
            "campaign.final_url_suffix",
            "ad_group.resource_name",
            "ad_group.name",
            "ad_group.status",
            "ad_group.type",
            "ad_group_ad.resource_name",
            "ad_group_ad.status",
            "ad_group_ad.ad.resource_name",
            "ad_group_ad.ad.name",
            "ad_group_ad.ad.type",
            "conversion_action.resource_name",
            "conversion_action.name",
            "conversion_action.owner_customer",
            "conversion_action.status",
            "conversion_action.type",
            "conversion_action.category",
            "conversion_action.counting_type",
            "conversion_action.attribution_model_settings.attribution_model",
            "conversion_action.attribution_model_settings.data_driven_model_status",
            "product_link.resource_name",
            "product_link.type",
            "click_view.resource_name",
            "click_view.gclid",
            "click_view.ad_group_ad",
            "search_term_view.resource_name",
            "search_term_view.search_term",
            "segments.device",
            "segments.conversion_action",
            "segments.conversion_action_name",
            "segments.conversion_action_category",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        (
            "customer.auto_tagging_enabled",
            "customer.conversion_tracking_setting.accepted_customer_data_terms",
            "customer.manager",
            "customer.test_account",
            "conversion_action.primary_for_goal",
            "conversion_action.include_in_conversions_metric",
        ),
        TRUTH,
    ),
    **dict.fromkeys(
        (
            "product_link.product_link_id",
            "product_link.merchant_center.merchant_center_id",
            "conversion_action.click_through_lookback_window_days",
            "conversion_action.view_through_lookback_window_days",
        ),
        WHOLE,
    ),
    "ad_group_ad.ad.final_urls": TEXTS,
    **dict.fromkeys(AD_TEXTS, ASSETS),
    "segments.date": DAY,
    **{f"metrics.{name}": WHOLE for name in (*_TRAFFIC, "view_through_conversions")},
    **{f"metrics.{name}": NUMBER for name in _CLAIMS},
}


@dataclass(frozen=True)
class Resource:
    """A resource in FROM: its `entity` relation, its `facts` (None: no metrics), and which
    resources' attributes, `segments` and `metrics` may be selected with it."""

    entity: str
    facts: str | None
    attributes: tuple[str, ...]
    segments: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


_SEGMENTS = ("date", "conversion_action", "conversion_action_name", "conversion_action_category")
_METRICS = (*_TRAFFIC, *_CLAIMS, "view_through_conversions")

RESOURCES = {
    "customer": Resource(
        "customer", "(from account_facts cross join customer)", ("customer",), _SEGMENTS, _METRICS
    ),
    "campaign": Resource(
        "(from campaign cross join customer)",
        "(from facts left join campaign using (campaign_id) cross join customer)",
        ("customer", "campaign"),
        _SEGMENTS,
        _METRICS,
    ),
    "ad_group": Resource(
        "(from ad_group left join campaign using (campaign_id) cross join customer)",
        "(from (from facts where ad_group_id is not null) as facts"
        " left join ad_group using (campaign_id, ad_group_id)"
        " left join campaign using (campaign_id) cross join customer)",
        ("customer", "campaign", "ad_group"),
        _SEGMENTS,
        _METRICS,
    ),
    "ad_group_ad": Resource(
        "(from ad left join ad_group using (campaign_id, ad_group_id)"
        " left join campaign using (campaign_id) cross join customer)",
        "(from (from facts where ad_id is not null) as facts"
        " left join ad using (campaign_id, ad_group_id, ad_id)"
        " left join ad_group using (campaign_id, ad_group_id)"
        " left join campaign using (campaign_id) cross join customer)",
        ("customer", "campaign", "ad_group", "ad_group_ad"),
        _SEGMENTS,
        _METRICS,
    ),
    "conversion_action": Resource(
        "(from action cross join customer)", None, ("customer", "conversion_action")
    ),
    "product_link": Resource(
        "(from product_link cross join customer)", None, ("customer", "product_link")
    ),
    "search_term_view": Resource(
        "term",
        "(from term left join ad using (campaign_id, ad_group_id, ad_id)"
        " left join ad_group using (campaign_id, ad_group_id)"
        " left join campaign using (campaign_id) cross join customer)",
        ("customer", "campaign", "ad_group", "ad_group_ad", "search_term_view"),
        ("date",),
        (*_TRAFFIC, "conversions"),
    ),
    "click_view": Resource(
        "click",
        "(from click left join ad_group using (campaign_id, ad_group_id)"
        " left join campaign using (campaign_id) cross join customer)",
        ("customer", "campaign", "ad_group", "click_view"),
        ("date", "device"),
        ("clicks",),
    ),
}
