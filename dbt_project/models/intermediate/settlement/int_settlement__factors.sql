{{ config(materialized="table") }}

-- By what a number grows from one age to the next, over the newest cohorts that were read at both,
-- and how widely single cohorts scatter about it.
with steps as (
    select
        side,
        system,
        goal,
        cohort_date,
        age,
        known_conversions,
        known_amount,
        lead(age) over series as next_age,
        lead(known_conversions) over series as next_conversions,
        lead(known_amount) over series as next_amount
    from {{ ref("int_settlement__triangle") }}
    window series as (
        partition by side, system, goal, source, stream, load_account, cohort_date order by age
    )
),

measured as (
    select
        side,
        system,
        goal,
        'conversions' as measure,
        cohort_date,
        age,
        known_conversions as known,
        next_conversions as next_known
    from steps
    where next_age = age + 1
    union all
    select
        side,
        system,
        goal,
        'amount' as measure,
        cohort_date,
        age,
        known_amount as known,
        next_amount as next_known
    from steps
    where next_age = age + 1
),

-- Accounts of a platform are one cohort: of the day's accounts those that were read at both ages.
cohorts as (
    select
        side,
        system,
        goal,
        measure,
        cohort_date,
        age,
        cast(sum(known) as double) as known,
        cast(sum(next_known) as double) as next_known
    from measured
    group by side, system, goal, measure, cohort_date, age
    qualify
        row_number() over (
            partition by side, system, goal, measure, age order by cohort_date desc
        ) <= {{ settlement_cohorts() }}
),

final as (
    select
        side,
        system,
        goal,
        measure,
        age,
        count(*) as cohorts,
        sum(known) as known,
        {{ ladder_factor("known", "next_known") }} as factor,
        {{ ladder_variance("known", "next_known") }} as variance
    from cohorts
    group by side, system, goal, measure, age
)

select * from final
