with source as (
    select * from {{ source("raw_meta_ads", "campaigns__loads") }}
),

types as (
    select * from {{ ref("stg_meta_ads__campaign_types") }}
),

final as (
    select
        'meta_ads' as source,
        'campaigns' as stream,
        'meta_ads' as platform,
        'act_' || source.account_id as account_id,
        source.id as campaign_id,
        source.name as campaign_name,
        source.objective as campaign_type,
        case when source.objective is not null then coalesce(types.channel, '(unmapped)') end
            as type_channel,
        source.effective_status as status,
        source._committed_at as observed_at,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join types on source.objective = types.objective
)

select * from final
