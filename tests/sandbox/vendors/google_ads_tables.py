"""The world as Google Ads sees it: SQL relations whose columns are named like GAQL fields.

Facts are in the account's zone; a conversion stands on the day of its click, and once more, in
other metrics, on its own day. View-through conversions stand apart, on the day of the view.
"""

from __future__ import annotations

ZONE = "America/New_York"
CURRENCY = "USD"
#: The manager account above it, which uploads the qualified leads of every account it has.
MANAGER = "4711000000"
#: When somebody renames the shop's action; its claims of all time bear the new name from then on.
RENAMED_AT = "2026-09-16 00:00:00"
#: Which conversions the account counts: (world's action, id, name, category, type, model,
#: primary, status, owner). Leads are counted when they qualify, so the form itself is secondary.
#: The shop's action was made anew once: the old one is removed and still bears the name.
_ACTIONS = f"""
    ('purchase', 900100001, case when $now < timestamp '{RENAMED_AT}' then 'Purchase (web)'
        else 'Online shop purchase' end, 'PURCHASE', 'WEBPAGE',
     'GOOGLE_SEARCH_ATTRIBUTION_DATA_DRIVEN', 'MANY_PER_CLICK', true, 'ENABLED', $customer),
    ('lead', 900100002, 'Lead form (web)', 'SUBMIT_LEAD_FORM', 'WEBPAGE',
     'GOOGLE_ADS_LAST_CLICK', 'ONE_PER_CLICK', false, 'ENABLED', $customer),
    ('qualified_lead', 900100003, 'Qualified lead (import)', 'QUALIFIED_LEAD', 'UPLOAD_CLICKS',
     'GOOGLE_ADS_LAST_CLICK', 'ONE_PER_CLICK', true, 'ENABLED', '{MANAGER}'),
    ('server_purchase', 900100009, 'Purchase (server)', 'PURCHASE', 'UPLOAD_CLICKS',
     'GOOGLE_ADS_LAST_CLICK', 'MANY_PER_CLICK', false, 'ENABLED', $customer),
    ('retired', 900100000, 'Purchase (web)', 'PURCHASE', 'WEBPAGE',
     'GOOGLE_ADS_LAST_CLICK', 'MANY_PER_CLICK', false, 'REMOVED', $customer)
"""


def _credited(day: str, suffix: str) -> str:
    """Click claims on the day `day`; a modelled one counts as half to one conversion."""
    return f"""
    select {day} as "segments.date", campaign_id, ad_group_id, ad_id, action_name,
        case when primary_for_goal then credit else 0 end as "metrics.conversions{suffix}",
        case when primary_for_goal then round(credit * value_amount_local, 2) else 0 end
            as "metrics.conversions_value{suffix}",
        credit as "metrics.all_conversions{suffix}",
        round(credit * value_amount_local, 2) as "metrics.all_conversions_value{suffix}"
    from claimed
    where kind = 'click'"""


def _newest(table: str, key: str) -> str:
    return f"""
    select ad_date as "segments.date", * exclude (impressions, clicks, cost_micros),
        impressions as "metrics.impressions", clicks as "metrics.clicks",
        cost_micros as "metrics.cost_micros"
    from {table}
    where platform = 'google_ads' and account_id = $customer and known_at <= $now
    qualify row_number() over (partition by {key} order by known_at desc, version desc) = 1"""


def _local(instant: str) -> str:
    return f"cast({instant} at time zone 'UTC' at time zone '{ZONE}' as date)"


def _named(resource: str, name: str) -> str:
    return f"'customers/' || $customer || '/{resource}/' || {name}"


#: The type of ad that shows texts, by the campaign's type.
_TYPES_WITH_TEXTS = {
    "SEARCH": "responsive_search_ad",
    "DISPLAY": "responsive_display_ad",
    "VIDEO": "video_responsive_ad",
    "DEMAND_GEN": "demand_gen_multi_asset_ad",
}
#: The ad's own headline and text, beside what stands under every ad of the company.
_AD_TEXTS = ", ".join(
    f"case when campaign_type = '{campaign}' then {assets} end as \"ad_group_ad.ad.{type}.{texts}\""
    for campaign, type in _TYPES_WITH_TEXTS.items()
    for texts, assets in (
        ("headlines", "[{'text': headline}, {'text': 'Open all year'}]"),
        ("descriptions", "[{'text': ad_text}]"),
    )
)

#: Common table expressions; `$customer` is the account id, `$now` the clock as naive UTC, and
#: [`$earliest`, `$latest`) holds all instants of the days asked for.
TABLES = f"""
setting as (
    select max_by(content, valid_from) as content
    from system_settings
    where system = 'google_ads' and account_id = $customer and valid_from <= $now
),
customer as (
    select 'customers/' || $customer as "customer.resource_name",
        cast($customer as bigint) as "customer.id", 'Harbour House' as "customer.descriptive_name",
        '{CURRENCY}' as "customer.currency_code", '{ZONE}' as "customer.time_zone",
        'ENABLED' as "customer.status", null::varchar as "customer.tracking_url_template",
        null::varchar as "customer.final_url_suffix",
        coalesce((select (content->>'auto_tagging')::boolean from setting), true)
            as "customer.auto_tagging_enabled",
        true as "customer.conversion_tracking_setting.accepted_customer_data_terms",
        false as "customer.manager", false as "customer.test_account",
        'CONVERSION_TRACKING_MANAGED_BY_THIS_MANAGER'
            as "customer.conversion_tracking_setting.conversion_tracking_status",
        'customers/{MANAGER}'
            as "customer.conversion_tracking_setting.google_ads_conversion_customer"
),
campaign as (
    select campaign_id, {_named("campaigns", "campaign_id")} as "campaign.resource_name",
        campaign_id as "campaign.id", campaign_name as "campaign.name",
        status as "campaign.status", campaign_type as "campaign.advertising_channel_type",
        null::varchar as "campaign.advertising_channel_sub_type",
        case campaign_type when 'DISPLAY' then 'TARGET_CPA'
            else 'MAXIMIZE_CONVERSION_VALUE' end as "campaign.bidding_strategy_type",
        strftime(created_at, '%Y-%m-%d 00:00:00') as "campaign.start_date_time",
        null::varchar as "campaign.final_url_suffix"
    from campaigns
    inner join campaign_versions using (platform, campaign_id)
    where platform = 'google_ads' and account_id = $customer
        and valid_from <= $now and (valid_to is null or valid_to > $now)
),
ad_group as (
    select campaign_id, ad_group_id,
        {_named("adGroups", "ad_group_id")} as "ad_group.resource_name",
        ad_group_id as "ad_group.id", ad_group_name as "ad_group.name",
        'ENABLED' as "ad_group.status", case campaign_type when 'DISPLAY' then 'DISPLAY_STANDARD'
            when 'SHOPPING' then 'SHOPPING_PRODUCT_ADS' when 'VIDEO' then 'VIDEO_RESPONSIVE'
            when 'SEARCH' then 'SEARCH_STANDARD' end as "ad_group.type"
    from ad_groups
    inner join campaigns using (platform, campaign_id)
    where platform = 'google_ads' and account_id = $customer
),
ad as (
    select campaign_id, ad_group_id, ad_id,
        {_named("adGroupAds", "ad_group_id || '~' || ad_id")} as "ad_group_ad.resource_name",
        {_named("ads", "ad_id")} as "ad_group_ad.ad.resource_name",
        'ENABLED' as "ad_group_ad.status", ad_id as "ad_group_ad.ad.id",
        ad_name as "ad_group_ad.ad.name",
        case campaign_type when 'DISPLAY' then 'RESPONSIVE_DISPLAY_AD'
            when 'SHOPPING' then 'SHOPPING_PRODUCT_AD' when 'VIDEO' then 'VIDEO_RESPONSIVE_AD'
            when 'DEMAND_GEN' then 'DEMAND_GEN_MULTI_ASSET_AD'
            else 'RESPONSIVE_SEARCH_AD' end as "ad_group_ad.ad.type",
        [final_url] as "ad_group_ad.ad.final_urls", {_AD_TEXTS}
    from ads
    inner join (select platform, campaign_id, campaign_type from campaigns)
        using (platform, campaign_id)
    where platform = 'google_ads'
),
action as (
    select {_named("conversionActions", "id")} as "conversion_action.resource_name",
        action as action_name, id as "conversion_action.id", name as "conversion_action.name",
        status as "conversion_action.status",
        'customers/' || owner as "conversion_action.owner_customer",
        type as "conversion_action.type",
        category as "conversion_action.category",
        counting as "conversion_action.counting_type",
        is_primary as "conversion_action.primary_for_goal",
        is_primary as "conversion_action.include_in_conversions_metric",
        coalesce((content->'windows'->>action)::integer, 30)
            as "conversion_action.click_through_lookback_window_days",
        1 as "conversion_action.view_through_lookback_window_days",
        coalesce(content->'models'->>action, model)
            as "conversion_action.attribution_model_settings.attribution_model",
        case when coalesce(content->'models'->>action, model) like '%DATA_DRIVEN'
            then 'AVAILABLE' else 'NEVER_GENERATED' end
            as "conversion_action.attribution_model_settings.data_driven_model_status",
        "conversion_action.resource_name" as "segments.conversion_action",
        name as "segments.conversion_action_name", category as "segments.conversion_action_category"
    from (
        from (values {_ACTIONS}) as actions
            (action, id, name, category, type, model, counting, is_primary, status, owner)
        union all
        select made.action, made.id, made.name, made.category, 'WEBPAGE',
            'GOOGLE_ADS_LAST_CLICK', 'MANY_PER_CLICK', true, 'ENABLED', $customer
        from (
            select unnest(from_json(content->'actions',
                '[{{"action": "varchar", "id": "bigint", "name": "varchar",'
                ' "category": "varchar"}}]')) as made
            from setting
        )
    )
    cross join setting
),
product_link as (
    select 'customers/' || $customer || '/productLinks/' || link.id as "product_link.resource_name",
        link.id as "product_link.product_link_id", link.type as "product_link.type",
        link.merchant as "product_link.merchant_center.merchant_center_id"
    from (
        select unnest(from_json(content->'links',
            '[{{"id": "bigint", "type": "varchar", "merchant": "bigint"}}]')) as link
        from setting
    )
),
claimed as (
    select claims.*, claims.action as action_name, {_local("touched_at")} as touched_date,
        {_local("converted_at")} as converted_date,
        cast(case when is_modelled
            then 0.5 + (coalesce(order_id, contact_id) * 7919 % 51) / 100 else 1 end
            as decimal(9, 2)) as credit,
        "conversion_action.primary_for_goal" as primary_for_goal
    from claims
    inner join action on claims.action = action.action_name
    where platform = 'google_ads' and account_id = $customer and known_at <= $now
),
claim_facts as (
    {_credited("touched_date", "")}
    union all by name
    {_credited("converted_date", "_by_conversion_date")}
    union all by name
    select touched_date as "segments.date", campaign_id, ad_group_id, ad_id, action_name,
        1 as "metrics.view_through_conversions"
    from claimed
    where kind = 'view'
),
facts as (
    from (from ({_newest("ad_daily", "campaign_id, ad_group_id, ad_id, ad_date")})
        union all by name from claim_facts)
    left join action using (action_name)
),
account_facts as (
    from (from ({_newest("account_daily", "ad_date")})
        union all by name select * exclude (campaign_id, ad_group_id, ad_id) from claim_facts)
    left join action using (action_name)
),
searched as (
    select "segments.date", campaign_id, ad_group_id, ad_id,
        coalesce(sum("metrics.impressions"), 0) as impressions,
        coalesce(sum("metrics.clicks"), 0) as clicks,
        coalesce(sum("metrics.cost_micros"), 0) as cost_micros,
        coalesce(sum("metrics.conversions"), 0) as conversions
    from facts
    where ad_id is not null
    group by all
),
-- of the words so few people typed Google tells nothing: their share is in the ad's own figures
term as (
    select "segments.date", campaign_id, ad_group_id, ad_id,
        search_term as "search_term_view.search_term",
        {
    _named(
        "searchTermViews",
        "concat_ws('~', campaign_id, ad_group_id, to_base64(encode(search_term)))",
    )
}
            as "search_term_view.resource_name",
        cast(floor(impressions * share) as bigint) as "metrics.impressions",
        cast(floor(clicks * share) as bigint) as "metrics.clicks",
        -- what nobody clicked costs nothing and leads to nothing
        coalesce(floor(clicks * share) / nullif(clicks, 0), 0) as click_share,
        cast(floor(cost_micros * click_share / 10000) * 10000 as bigint)
            as "metrics.cost_micros",
        floor(conversions * click_share * 100) / 100 as "metrics.conversions"
    from searched
    inner join ad_search_terms using (campaign_id, ad_group_id, ad_id)
),
click as (
    select clicked.campaign_id, clicked.ad_group_id, click_date as "segments.date",
        clicked.click_id as "click_view.gclid", 1 as "metrics.clicks",
        {_named("clickViews", "click_date || '~' || clicked.click_id")}
            as "click_view.resource_name",
        case when clicked.ad_id is not null then
            {_named("adGroupAds", "clicked.ad_group_id || '~' || clicked.ad_id")} end
            as "click_view.ad_group_ad",
        case visits.device when 'desktop' then 'DESKTOP' when 'tablet' then 'TABLET'
            else 'MOBILE' end as "segments.device"
    from (
        select *, {_local("clicked_at")} as click_date
        from ad_clicks
        where platform = 'google_ads' and account_id = $customer and clicked_at <= $now
            and clicked_at >= $earliest and clicked_at < $latest
    ) as clicked
    left join (select visit_id, device from visits where platform = 'google_ads') as visits
        using (visit_id)
)
"""
