with source as (
    select * from {{ source("raw_gtm", "settings__loads") }}
),

feeds as (
    select * from {{ ref("stg_gtm__feeds") }}
),

final as (
    select
        'gtm' as source,
        'settings' as stream,
        source.container_id as account_id,
        case source.object_type when 'container' then 'account' else source.object_type end
            as object_type,
        case source.object_type when 'container' then source.container_id else source.object_id end
            as object_id,
        source.object_name,
        source.setting,
        coalesce(
            case when source.value = '' then 'none' else source.value end,
            'hidden ' || substr(source.hidden_value_hmac, 1, 12)
        ) as value,
        feeds.feeds,
        source._committed_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join feeds
        on
            source.object_type = feeds.object_type
            and source.container_id = feeds.container_id
            and source._load_id = feeds._load_id
            and source.object_id = feeds.object_id
)

select * from final
