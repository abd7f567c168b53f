-- By how much the conversions of a day that have earned money, and that money, rose or fell, at
-- which age. The ledger has every movement on its own date, so no earlier reading is needed: what
-- was refunded, cancelled or paid later stands on the day it was. Age 1 is the conversion's own
-- day, as it is read on the day after.
with bounds as (
    select
        {{ add_days(
            "build.through_date", "-settings.settled_after_days - " ~ settlement_cohorts()
        ) }} as first_cohort_date,
        build.through_date
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

entries as (
    select
        ledger.source,
        ledger.goal,
        ledger.conversion_id,
        ledger.conversion_date as cohort_date,
        -- A deposit paid before its booking is known when the booking is.
        greatest({{ days_between("ledger.conversion_date", "ledger.entry_date") }}, 0) + 1 as age,
        ledger.amount
    from {{ ref("fct_ledger_entries") }} as ledger
    cross join bounds
    where
        ledger.conversion_date between bounds.first_cohort_date and bounds.through_date
        and ledger.entry_date <= bounds.through_date
),

moves as (
    select
        source,
        goal,
        conversion_id,
        cohort_date,
        age,
        sum(amount) as amount
    from entries
    group by source, goal, conversion_id, cohort_date, age
),

earned as (
    select
        *,
        sum(amount) over (
            partition by source, conversion_id
            order by age
            rows between unbounded preceding and current row
        ) as earned_amount
    from moves
),

-- A conversion counts from the day it has earned something until it has given all of it back.
counted as (
    select
        *,
        case when earned_amount > 0 then 1 else 0 end
        - case when earned_amount - amount > 0 then 1 else 0 end as conversions
    from earned
),

final as (
    select
        source,
        goal,
        cohort_date,
        age,
        sum(conversions) as conversions,
        sum(amount) as amount
    from counted
    group by source, goal, cohort_date, age
)

select * from final
