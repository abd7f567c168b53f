{{ config(materialized="table") }}

-- Ads by the day of their account, all behind the click by the day of the visit.
with measured as (
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        true as is_ad,
        impressions,
        clicks,
        0 as sessions,
        0 as tagged_sessions,
        0 as engaged_sessions,
        0 as product_view_sessions,
        0 as form_start_sessions,
        0 as cart_sessions,
        0 as checkout_sessions,
        0 as enquiry_sessions,
        0 as weak_conversions,
        0 as strong_conversions,
        0 as won_conversions,
        0 as revenue_amount
    from {{ ref("int_daily__measured") }}
    where measure = 'spend'
    union all
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        false as is_ad,
        null as impressions,
        null as clicks,
        sessions,
        tagged_sessions,
        engaged_sessions,
        product_view_sessions,
        form_start_sessions,
        cart_sessions,
        checkout_sessions,
        enquiry_sessions,
        weak_conversions,
        strong_conversions,
        won_conversions,
        revenue_amount
    from {{ ref("int_funnel__steps") }}
),

added as (
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        case when bool_or(is_ad) then sum(impressions) else 0 end as impressions,
        case when bool_or(is_ad) then sum(clicks) else 0 end as clicks,
        sum(sessions) as sessions,
        sum(tagged_sessions) as tagged_sessions,
        sum(engaged_sessions) as engaged_sessions,
        sum(product_view_sessions) as product_view_sessions,
        sum(form_start_sessions) as form_start_sessions,
        sum(cart_sessions) as cart_sessions,
        sum(checkout_sessions) as checkout_sessions,
        sum(enquiry_sessions) as enquiry_sessions,
        sum(weak_conversions) as weak_conversions,
        sum(strong_conversions) as strong_conversions,
        sum(won_conversions) as won_conversions,
        sum(revenue_amount) as revenue_amount
    from measured
    group by report_date, channel, platform, account_id, campaign_id
),

known as (
    select * from {{ ref("int_funnel__known") }}
),

matured as (
    select mature_through from {{ ref("int_funnel__matured") }}
),

campaigns as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name
    from {{ ref("int_campaigns__channels") }}
),

final as (
    select
        added.report_date,
        added.channel,
        added.platform,
        added.account_id,
        added.campaign_id,
        coalesce(campaigns.campaign_name, added.campaign_id) as campaign_name,
        cast(added.impressions as bigint) as impressions,
        cast(added.clicks as bigint) as clicks,
        {{ funnel_counts("added") }},
        added.report_date <= matured.mature_through as is_mature
    from added
    cross join known
    cross join matured
    left join campaigns
        on
            added.platform = campaigns.platform
            and added.account_id = campaigns.account_id
            and added.campaign_id = campaigns.campaign_id
)

select * from final
