-- What each stage of a pipeline means to HubSpot itself.
with source as (
    select * from {{ source("raw_hubspot", "pipelines") }}
),

meanings as (
    select * from {{ ref("stg_hubspot__stages") }}
),

final as (
    select
        'hubspot' as source,
        'pipelines' as stream,
        {{ sole_account("hubspot") }} as account_id,
        'outcome of stage ' || source.pipeline || ':' || source.stage as setting,
        meanings.outcome as value,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join meanings on source.pipeline = meanings.pipeline and source.stage = meanings.stage
)

select * from final
