with source as (
    select * from {{ source("raw_hubspot", "pipelines__loads") }}
),

final as (
    select
        pipeline,
        pipeline_label,
        stage,
        stage_label,
        stage_position,
        is_closed,
        cast(win_probability as decimal(9, 4)) as win_probability,
        _load_id,
        _committed_at as committed_at
    from source
)

select * from final
