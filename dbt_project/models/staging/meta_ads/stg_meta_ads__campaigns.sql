with source as (
    select * from {{ source("raw_meta_ads", "campaigns__loads") }}
),

final as (
    select
        'meta_ads' as source,
        'campaigns' as stream,
        'meta_ads' as platform,
        'act_' || account_id as account_id,
        id as campaign_id,
        name as campaign_name,
        objective as campaign_type,
        effective_status as status,
        _committed_at as observed_at,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
