{{ config(materialized="table") }}

with followed as (
    select
        *,
        cast(date_trunc('week', conversion_date) as date) as week_start_date
    from {{ ref("int_weak_goals__followed") }}
    where is_counted_by_channel
),

outcomes as (
    select * from {{ ref("int_weak_goals__outcomes") }}
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

cohorts as (
    select
        followed.goal,
        followed.channel,
        followed.week_start_date,
        followed.window_days,
        count(case when followed.is_followable then 1 end) as followable_signals,
        count(case when not followed.is_followable then 1 end) as unfollowable_signals,
        count(outcomes.outcome_id) as strong_conversions,
        count(case when outcomes.days_until <= 7 then 1 end) as strong_within_7_days,
        sum(outcomes.outcome_amount) as strong_amount,
        percentile_cont(0.25) within group (order by outcomes.days_until)
            as days_until_first_quarter,
        percentile_cont(0.5) within group (order by outcomes.days_until) as days_until_median,
        percentile_cont(0.75) within group (order by outcomes.days_until)
            as days_until_third_quarter
    from followed
    left join outcomes on followed.conversion_id = outcomes.conversion_id
    group by
        followed.goal, followed.channel, followed.week_start_date, followed.window_days
),

-- The last signal of a week is of its seventh day; its window ends that many days later.
aged as (
    select
        cohorts.*,
        {{ add_days("cohorts.week_start_date", "6 + cohorts.window_days") }}
        <= build.through_date as is_mature,
        {{ add_days("cohorts.week_start_date", "6 + 7") }} <= build.through_date
            as is_seven_days_old
    from cohorts
    cross join build
),

final as (
    select
        goal,
        channel,
        week_start_date,
        window_days,
        is_mature,
        cast(followable_signals as bigint) as followable_signals,
        cast(unfollowable_signals as bigint) as unfollowable_signals,
        cast(strong_conversions as bigint) as strong_conversions,
        cast(case when is_seven_days_old then strong_within_7_days end as bigint)
            as strong_within_7_days,
        cast(
            case
                when is_mature
                    then {{ safe_ratio("strong_conversions", "followable_signals") }}
            end as decimal(9, 6)
        ) as predictive_value,
        case
            when is_mature
                then {{ wilson_bound("strong_conversions", "followable_signals", "-") }}
        end as predictive_value_low,
        case
            when is_mature
                then {{ wilson_bound("strong_conversions", "followable_signals", "+") }}
        end as predictive_value_high,
        cast(days_until_first_quarter as decimal(18, 6)) as days_until_first_quarter,
        cast(days_until_median as decimal(18, 6)) as days_until_median,
        cast(days_until_third_quarter as decimal(18, 6)) as days_until_third_quarter,
        cast(coalesce(strong_amount, 0) as decimal(38, 6)) as strong_amount,
        case
            when is_mature
                then {{ safe_ratio("coalesce(strong_amount, 0)", "followable_signals") }}
        end as amount_per_signal
    from aged
)

select * from final
