-- What a stage of a deal pipeline means to HubSpot: by its probability, and whether it is closed.
-- Each portal has stages of its own, some by the same ids. Those that were deleted since mean what
-- they meant when they were last seen.
with source as (
    select * from {{ source("raw_hubspot", "pipelines__loads") }}
),

loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

final as (
    select
        loads.account,
        pipeline,
        stage,
        {{ stage_outcome("is_closed", "win_probability") }} as outcome
    from source
    left join loads on source._load_id = loads.load_id
    qualify
        row_number() over (
            partition by account, pipeline, stage order by _committed_at desc, _load_id desc
        ) = 1
)

select * from final
