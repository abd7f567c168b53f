-- Ids a file does not have are null; a file that names no platform is one of its own.
with source as (
    select * from {{ source("raw_files", "ad_performance") }}
),

final as (
    select
        'files' as source,
        'ad_performance' as stream,
        'ad' as level,
        coalesce(platform, feed) as platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        campaign_name,
        ad_date,
        currency_code,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        cast(spend_amount_local as decimal(18, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
