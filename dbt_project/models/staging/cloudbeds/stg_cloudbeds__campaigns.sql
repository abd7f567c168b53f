with source as (
    select * from {{ source("raw_cloudbeds", "sources__loads") }}
),

final as (
    select
        'cloudbeds' as source,
        'sources' as stream,
        'cloudbeds' as platform,
        property_id as account_id,
        source_id as campaign_id,
        source_name as campaign_name,
        case when is_third_party then 'agency' else 'direct' end as campaign_type,
        -- An agency is none of the standard channels: a rule of the company file names it. The
        -- property's own sources (its site, its telephone) are nobody's who is paid.
        case when not is_third_party then 'direct' end as type_channel,
        case when is_active then 'active' else 'inactive' end as status,
        _committed_at as observed_at,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
