{{ config(materialized="table") }}

-- Which share of a day's events of a goal were sent again under the same id, on the day a platform
-- puts them. Some pages are always loaded twice, and platforms know an id they had: repeats count
-- only where they are more than one in twenty and more than chance makes of that.
{%- set usual_share = 0.05 %}

with events as (
    select
        goal,
        event_date,
        count(*) as events,
        count(*) filter (where is_repeat) as repeats
    from {{ ref("int_events__conversions") }}
    where comparable_id is not null and is_reversal is not true
    group by goal, event_date
),

repeated as (
    select
        goal,
        event_date,
        cast(repeats as double) / events as repeated_share
    from events
    where repeats > {{ usual_share }} * events + 2 * sqrt({{ usual_share }} * events)
),

final as (
    select
        lags.platform,
        lags.account_id,
        lags.goal,
        {{ add_days("repeated.event_date", "-lags.lag_days") }} as report_date,
        cast(sum(lags.lag_share * repeated.repeated_share) as decimal(18, 6)) as repeated_share
    from repeated
    inner join {{ ref("int_reconciliation__lags") }} as lags on repeated.goal = lags.goal
    group by lags.platform, lags.account_id, lags.goal, report_date
)

select * from final
