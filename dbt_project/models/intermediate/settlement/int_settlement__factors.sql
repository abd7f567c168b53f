{{ config(materialized="table") }}

-- By what a number grows from one age to the next, over the newest cohorts that were read at both,
-- weighted by their volume (the chain ladder), and how widely single cohorts scatter about it: the
-- variance per unit known, as Mack has it.
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

added as (
    select
        side,
        system,
        goal,
        measure,
        age,
        count(*) as cohorts,
        sum(known) as known,
        sum(next_known) as next_known,
        sum(next_known * next_known / nullif(known, 0)) as squares,
        sum(case when known != 0 then next_known end) as next_of_some,
        sum(case when known != 0 then known end) as known_of_some
    from cohorts
    group by side, system, goal, measure, age
),

factors as (
    select
        *,
        next_known / nullif(known, 0) as factor
    from added
),

-- sum((next - factor * known)^2 / known), multiplied out: cohorts that knew nothing have no part.
final as (
    select
        side,
        system,
        goal,
        measure,
        age,
        cohorts,
        known,
        factor,
        greatest(
            squares - 2 * factor * next_of_some + factor * factor * known_of_some, 0
        ) / nullif(cohorts - 1, 0) as variance
    from factors
)

select * from final
