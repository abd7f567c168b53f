with source as (
    select * from {{ source("raw_files", "ad_performance") }}
),

final as (
    select
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        cast(spend_amount_local as decimal(18, 6)) as spend_amount_local,
        campaign_name,
        feed,
        _day,
        _load_id
    from source
)

select * from final
