{{ config(materialized="table") }}

-- What is known of each ad by day, put together: what it was shown, what the platform claims of it,
-- and what came of visits whose click the platform's own record names the ad of. Some platforms
-- that have no ads name their sales where others name an ad: those are no creatives.
with advertising as (
    select platform
    from {{ ref("fct_ad_performance_daily") }}
    where ad_id is not null
    union
    select platform
    from {{ ref("shape_ads") }}
),

unioned as (
    select
        ad_date as report_date,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        'shown' as measure,
        impressions,
        clicks,
        spend_amount,
        null as claimed_conversions,
        null as claimed_amount,
        null as sessions,
        null as engaged_sessions,
        null as strong_conversions,
        null as won_conversions,
        null as revenue_amount
    from {{ ref("fct_ad_performance_daily") }}
    where ad_id is not null
    union all
    select
        claim_date as report_date,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        'claimed' as measure,
        null as impressions,
        null as clicks,
        null as spend_amount,
        case
            when not ({{ is_unconverted("claimed_amount_local", "claimed_amount") }})
                then claimed_conversions
        end as claimed_conversions,
        claimed_amount,
        null as sessions,
        null as engaged_sessions,
        null as strong_conversions,
        null as won_conversions,
        null as revenue_amount
    from {{ ref("fct_platform_claims") }}
    where
        is_headline
        and tier = 'strong'
        and ad_id is not null
        and platform in (select platform from advertising)
    union all
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        'visited' as measure,
        null as impressions,
        null as clicks,
        null as spend_amount,
        null as claimed_conversions,
        null as claimed_amount,
        sessions,
        engaged_sessions,
        strong_conversions,
        won_conversions,
        revenue_amount
    from {{ ref("int_funnel__steps") }}
    where ad_id is not null and platform in (select platform from advertising)
),

final as (
    select
        report_date,
        platform,
        coalesce(account_id, '(unknown)') as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        {{ creative_key("platform", "account_id", "ad_group_id", "ad_id") }} as creative_key,
        bool_or(measure = 'shown') as is_shown,
        bool_or(measure = 'claimed') as is_claimed,
        bool_or(measure = 'visited') as is_visited,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend_amount) as spend_amount,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount,
        sum(sessions) as sessions,
        sum(engaged_sessions) as engaged_sessions,
        sum(strong_conversions) as strong_conversions,
        sum(won_conversions) as won_conversions,
        sum(revenue_amount) as revenue_amount
    from unioned
    group by report_date, platform, account_id, campaign_id, ad_group_id, ad_id
)

select * from final
