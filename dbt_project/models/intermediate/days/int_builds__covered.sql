-- The last day the mart covers, and the last day both this build and the one before it cover.
with completed as (
    select
        max_by(through_date, completed_at) as through_date,
        max_by(build_id, completed_at) as build_id
    from {{ source("trueup", "completed_builds") }}
),

final as (
    select
        build.through_date,
        coalesce(
            least(build.through_date, completed.through_date),
            {{ add_days("settings.history_start", -1) }}
        ) as covered_before,
        coalesce(completed.build_id, '') as completed_build_id
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
    cross join completed
)

select * from final
