with source as (
    select * from {{ source("raw_google_ads", "campaign_performance") }}
),

final as (
    select
        'google_ads' as platform,
        customer_id as account_id,
        campaign_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        cost as spend_amount_local,
        _day,
        _load_id
    from source
)

select * from final
