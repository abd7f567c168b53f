-- Ads, and campaigns in full: Performance Max has no ads, and removed campaigns keep their spend.
with ads as (
    select * from {{ source("raw_google_ads", "ad_performance") }}
),

campaigns as (
    select * from {{ source("raw_google_ads", "campaign_performance") }}
),

unioned as (
    select
        'ad_performance' as stream,
        'ad' as level,
        customer_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        cost,
        _day,
        _load_id
    from ads
    union all
    select
        'campaign_performance' as stream,
        'campaign' as level,
        customer_id,
        campaign_id,
        null as ad_group_id,
        null as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        cost,
        _day,
        _load_id
    from campaigns
),

final as (
    select
        'google_ads' as source,
        stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        level,
        'google_ads' as platform,
        customer_id as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        ad_date,
        currency_code,
        impressions,
        clicks,
        cast(cost as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
