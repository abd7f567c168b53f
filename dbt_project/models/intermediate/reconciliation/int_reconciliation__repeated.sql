{{ config(materialized="table") }}

-- Which share of a day's events of a goal were sent again under the same id, on the day a platform
-- puts them. Some pages are always loaded twice, and platforms know an id they had: repeats count
-- only where they are more than one in twenty and more than chance makes of that, on the day or in
-- the week around it, as a day's few events say little. Of the two shares the larger is taken: a
-- week in which it begins has days without.
{%- set usual_share = 0.05 %}
{%- set week -%}
    over (
        partition by goal order by event_date
        range between interval 3 days preceding and interval 3 days following
    )
{%- endset %}

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

weeks as (
    select
        *,
        sum(events) {{ week }} as events_of_week,
        sum(repeats) {{ week }} as repeats_of_week
    from events
),

judged as (
    select
        *,
        repeats > {{ usual_share }} * events + 2 * sqrt({{ usual_share }} * events)
            as is_repeated,
        repeats_of_week
        > {{ usual_share }} * events_of_week + 2 * sqrt({{ usual_share }} * events_of_week)
            as is_week_repeated
    from weeks
),

repeated as (
    select
        goal,
        event_date,
        greatest(
            case when is_repeated then cast(repeats as double) / events else 0 end,
            case
                when is_week_repeated then cast(repeats_of_week as double) / events_of_week
                else 0
            end
        ) as repeated_share
    from judged
    where is_repeated or is_week_repeated
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
    where lags.is_in_window
    group by lags.platform, lags.account_id, lags.goal, report_date
)

select * from final
