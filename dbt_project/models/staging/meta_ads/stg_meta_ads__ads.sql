with source as (
    select * from {{ source("raw_meta_ads", "ads__loads") }}
),

final as (
    select
        'meta_ads' as source,
        'ads' as stream,
        'meta_ads' as platform,
        'act_' || account_id as account_id,
        campaign_id,
        adset_id as ad_group_id,
        id as ad_id,
        name as ad_name,
        object_type as ad_type,
        asset_id,
        headline,
        description,
        landing_url,
        effective_status as status,
        _committed_at as observed_at,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
