with source as (
    select * from {{ source("raw_google_ads", "campaigns__loads") }}
),

final as (
    select
        'google_ads' as source,
        'campaigns' as stream,
        'google_ads' as platform,
        customer_id as account_id,
        campaign_id,
        campaign_name,
        advertising_channel_type as campaign_type,
        status,
        _committed_at as observed_at,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
