with days as (
    select days.date_day
    from {{ ref("int_dates__spined") }} as days
    cross join {{ source("company", "settings") }} as settings
    cross join {{ source("trueup", "build") }} as build
    where days.date_day between settings.history_start and build.through_date
),

weeks as (
    select
        date_day,
        cast(date_trunc('week', date_day) as date) as week_start_date
    from days
),

final as (
    select
        date_day,
        week_start_date,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        cast(extract(year from date_day) as integer) as year_number,
        cast(extract(month from date_day) as integer) as month_number,
        cast({{ days_between("week_start_date", "date_day") }} + 1 as integer)
            as weekday_number,
        {{ days_between("week_start_date", "date_day") }} >= 5 as is_weekend
    from weeks
)

select * from final
