with source as (
    select * from {{ source("raw_google_ads", "campaigns__loads") }}
),

final as (
    select
        'google_ads' as platform,
        customer_id as account_id,
        campaign_id,
        campaign_name,
        advertising_channel_type as campaign_type,
        status,
        _day,
        _load_id,
        _committed_at as committed_at
    from source
)

select * from final
