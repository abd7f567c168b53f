{{ config(materialized="table") }}

-- Two months either side of what the mart covers: windows that reach out still find their days.
with bounds as (
    select
        {{ add_days("settings.history_start", -60) }} as first_day,
        {{ add_days("build.through_date", 60) }} as last_day
    from {{ source("company", "settings") }} as settings
    cross join {{ source("trueup", "build") }} as build
),

final as (
    select spine.day as date_day
    from
        {{ date_series(
            "(select first_day from bounds)", "(select last_day from bounds)"
        ) }} as spine
)

select * from final
