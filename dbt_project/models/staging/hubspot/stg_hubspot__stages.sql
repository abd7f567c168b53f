-- What a stage of a deal pipeline means to HubSpot: by its probability, and whether it is closed.
-- Stages that were deleted since mean what they meant when they were last seen.
with source as (
    select * from {{ source("raw_hubspot", "pipelines__loads") }}
),

final as (
    select
        pipeline,
        stage,
        {{ stage_outcome("is_closed", "win_probability") }} as outcome
    from source
    qualify
        row_number() over (
            partition by pipeline, stage order by _committed_at desc, _load_id desc
        ) = 1
)

select * from final
