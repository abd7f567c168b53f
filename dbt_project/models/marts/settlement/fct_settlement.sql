-- How numbers mature: the factors from each age to the last, multiplied (the chain ladder), and
-- what Mack's model makes of the scatter about them. The last age is the company's
-- `settled_after_days`, at which a number counts as final.
with limits as (
    select
        settled_after_days as last_age,
        -- A factor of fewer cohorts than a working week is chance.
        5 as least_cohorts,
        -- A number that will move by less than this is mature.
        0.02 as tolerance
    from {{ source("company", "settings") }}
),

factors as (
    select * from {{ ref("int_settlement__factors") }}
),

ages as (
    select distinct age from {{ ref("int_settlement__triangle") }}
),

series as (
    select distinct
        side,
        system,
        goal,
        measure
    from factors
),

-- Of what nothing was known at an age, nothing can be said of how it grows.
curves as (
    select
        series.side,
        series.system,
        series.goal,
        series.measure,
        ages.age,
        limits.last_age,
        limits.tolerance,
        factors.cohorts,
        factors.known,
        factors.variance,
        case
            when factors.cohorts >= limits.least_cohorts and factors.factor > 0
                then factors.factor
        end as factor
    from series
    cross join limits
    inner join ages on limits.last_age >= ages.age
    left join factors
        on
            series.side = factors.side
            and series.system = factors.system
            and series.goal = factors.goal
            and series.measure = factors.measure
            and ages.age = factors.age
            and limits.last_age > factors.age
),

chained as (
    select
        *,
        {{ ladder_share("factor", "last_age - age") }} as share_known
    from curves
    window ladder as (
        partition by side, system, goal, measure
        order by age desc
        rows between unbounded preceding and current row
    )
),

-- A count cannot scatter less than a coin does.
scattered as (
    select
        *,
        greatest(
            {{ ladder_unit_variance("share_known", "factor", "variance") }},
            case when measure = 'conversions' then share_known * (1 - share_known) else 0 end
        ) as unit_variance,
        {{ ladder_share_error("share_known", "factor", "variance", "known") }} as share_error,
        share_known is not null and abs(1 - share_known) <= tolerance as is_near
    from chained
    window ladder as (
        partition by side, system, goal, measure
        order by age desc
        rows between unbounded preceding and current row
    )
),

final as (
    select
        side,
        system,
        goal,
        measure,
        cast(age as integer) as age,
        cohorts,
        round(cast(factor as double), 9) as development_factor,
        round(cast(share_known as double), 9) as share_known,
        round(cast(unit_variance as double), 9) as unit_variance,
        round(cast(share_error as double), 9) as share_error,
        cast(
            coalesce(
                max(case when not is_near then age end) over (
                    partition by side, system, goal, measure
                ),
                0
            ) + 1 as integer
        ) as mature_from_age,
        cast(last_age as integer) as last_age
    from scattered
)

select * from final
