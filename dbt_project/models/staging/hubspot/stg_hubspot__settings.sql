-- What each stage of a pipeline means to HubSpot itself.
with source as (
    select * from {{ source("raw_hubspot", "pipelines") }}
),

final as (
    select
        'hubspot' as source,
        'pipelines' as stream,
        {{ sole_account("hubspot") }} as account_id,
        'outcome of stage ' || source.pipeline || ':' || source.stage as setting,
        case
            when source.win_probability = 1 then 'won'
            when source.is_closed then 'lost'
            else 'open'
        end as value,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
)

select * from final
