{{ config(materialized="table") }}

-- What of customers' worth at a horizon is known at each month of age before it, by channel: by
-- what the newest weeks of acquisition grew from that age to the horizon. In one step, not as a
-- product over the months between: who buys often goes on to, so months are not independent, and a
-- product's scatter would be too narrow. Who may have been a customer before the history began is
-- left out: whoever comes back does not grow as whoever is new.
{#- Two years: every season is in it twice, and what customers did before no longer counts. -#}
{%- set weeks = 104 %}
with build as (
    select through_date from {{ source("trueup", "build") }}
),

limits as (
    -- A factor of fewer weeks than a quarter has is chance: so few say little of how they scatter.
    select 13 as least_cohorts
),

horizons as (
    {{ ltv_horizons() }}
),

earned as (
    select
        cast(date_trunc('week', acquired_date) as date) as cohort_week,
        channel,
        months_since,
        sum(revenue_amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("int_customers__ages") }}
    where not may_be_older
    group by cast(date_trunc('week', acquired_date) as date), channel, months_since
),

cohorts as (
    select distinct
        cohort_week,
        channel
    from earned
),

ages as (
    {{ ltv_ages() }}
),

-- The last of a week is as old as the age asks on the day before 30 days more would be over.
reached as (
    select
        cohorts.cohort_week,
        cohorts.channel,
        ages.months_since
    from cohorts
    cross join ages
    cross join build
    where
        {{ add_days("cohorts.cohort_week", "30 * (ages.months_since + 1) + 5") }}
        <= build.through_date
),

triangle as (
    select
        reached.cohort_week,
        reached.channel,
        reached.months_since,
        sum(coalesce(earned.revenue_amount, 0)) over so_far as revenue_amount,
        sum(earned.margin_amount) over so_far as margin_amount
    from reached
    left join earned
        on
            reached.cohort_week = earned.cohort_week
            and reached.channel = earned.channel
            and reached.months_since = earned.months_since
    window so_far as (
        partition by reached.cohort_week, reached.channel order by reached.months_since
        rows between unbounded preceding and current row
    )
),

measured as (
    select
        cohort_week,
        channel,
        months_since,
        'revenue' as measure,
        revenue_amount as known
    from triangle
    union all
    select
        cohort_week,
        channel,
        months_since,
        'margin' as measure,
        margin_amount as known
    from triangle
),

grown as (
    select
        earlier.cohort_week,
        earlier.channel,
        earlier.measure,
        horizons.horizon_months,
        earlier.months_since,
        cast(earlier.known as double) as known,
        cast(later.known as double) as next_known
    from measured as earlier
    inner join horizons on earlier.months_since < horizons.horizon_months - 1
    inner join measured as later
        on
            earlier.cohort_week = later.cohort_week
            and earlier.channel = later.channel
            and earlier.measure = later.measure
            and horizons.horizon_months - 1 = later.months_since
    where earlier.known is not null and later.known is not null
    qualify
        row_number() over (
            partition by
                earlier.channel, earlier.measure, horizons.horizon_months, earlier.months_since
            order by earlier.cohort_week desc
        ) <= {{ weeks }}
),

factors as (
    select
        channel,
        measure,
        horizon_months,
        months_since,
        count(*) as cohort_weeks,
        sum(known) as known,
        {{ ladder_factor("known", "next_known") }} as factor,
        {{ ladder_variance("known", "next_known") }} as variance
    from grown
    group by channel, measure, horizon_months, months_since
),

-- Of customers of whom nothing was known at an age, nothing can be said of how they grow.
shares as (
    select
        factors.*,
        case
            when factors.cohort_weeks >= limits.least_cohorts and factors.factor > 0
                then {{ ladder_share("factors.factor", 1) }}
        end as share_known
    from factors
    cross join limits
    window ladder as (
        partition by
            factors.channel, factors.measure, factors.horizon_months, factors.months_since
    )
),

scattered as (
    select
        *,
        {{ ladder_unit_variance("share_known", "factor", "variance") }} as unit_variance,
        {{ ladder_share_error("share_known", "factor", "variance", "known") }} as share_error
    from shares
    window ladder as (
        partition by channel, measure, horizon_months, months_since
    )
),

-- Weeks that did not scatter at all, as those of a channel to which nobody came back, are too few
-- to say how weeks do: that is no certainty.
final as (
    select
        channel,
        measure,
        horizon_months,
        months_since,
        cohort_weeks,
        round(cast(share_known as double), 9) as share_known,
        round(case when variance > 0 then unit_variance end, 9) as unit_variance,
        round(case when variance > 0 then share_error end, 9) as share_error
    from scattered
)

select * from final
