with source as (
    select * from {{ source("raw_meta_ads", "campaigns__loads") }}
),

final as (
    select
        'meta_ads' as platform,
        'act_' || account_id as account_id,
        id as campaign_id,
        name as campaign_name,
        objective as campaign_type,
        effective_status as status,
        _load_id,
        _committed_at as committed_at
    from source
)

select * from final
