-- The last day of which every visit has had the longest look-back in which it can be credited with
-- a conversion: the days after it still gain some.
with goals as (
    select max(lookback_days) as lookback_days
    from {{ source("company", "goals") }}
),

final as (
    select
        {{ add_days(
            "build.through_date",
            "-greatest(coalesce(goals.lookback_days, 0), settings.lookback_days)"
        ) }} as mature_through
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
    cross join goals
)

select * from final
