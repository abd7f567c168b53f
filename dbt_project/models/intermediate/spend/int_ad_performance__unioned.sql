-- The levels a platform reports, as they are told: none of them adds up to the next.
with final as (
    select
        'google_ads' as source,
        'ad' as level,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("stg_google_ads__ad_performance") }}
    union all
    select
        'meta_ads' as source,
        'ad' as level,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("stg_meta_ads__ad_performance") }}
    union all
    select
        'files' as source,
        'ad' as level,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("stg_files__ad_performance") }}
    union all
    select
        'google_ads' as source,
        'campaign' as level,
        platform,
        account_id,
        campaign_id,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("stg_google_ads__campaign_performance") }}
    union all
    select
        'google_ads' as source,
        'account' as level,
        platform,
        account_id,
        cast(null as varchar) as campaign_id,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("stg_google_ads__account_performance") }}
    union all
    select
        'meta_ads' as source,
        'account' as level,
        platform,
        account_id,
        cast(null as varchar) as campaign_id,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("stg_meta_ads__account_performance") }}
)

select * from final
