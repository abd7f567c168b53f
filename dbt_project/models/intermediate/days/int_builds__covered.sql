-- The last day the mart covers, and the build this one starts from.
with completed as (
    select max_by(build_id, completed_at) as build_id
    from {{ source("trueup", "completed_builds") }}
),

final as (
    select
        build.build_id,
        build.through_date,
        coalesce(completed.build_id, '') as completed_build_id
    from {{ source("trueup", "build") }} as build
    cross join completed
)

select * from final
