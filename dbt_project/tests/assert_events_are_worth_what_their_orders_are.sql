{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ga4-purchases"}) }}

-- Most events of a month are worth another amount than the orders they were matched with.
-- Twice as much or half: cents for units, another price, every item as the whole; or the order's
-- amount in another currency. What was so from the first day is no change, so signals that compare
-- days with those before them say nothing. A value without tax or shipping is near enough.
{#- So many matched events at least, and so far from the order's amount. -#}
{%- set least_events, most_times = 5, 2 %}
with events as (
    select
        compared.source,
        compared.event_date,
        compared.expected_amount,
        events.amount,
        events.amount / compared.expected_amount as times,
        greatest(events.amount, compared.expected_amount)
        >= {{ most_times }} * least(events.amount, compared.expected_amount) as is_odd,
        events.amount_local,
        events.currency_code,
        -- the order's number under another currency's name
        not compared.is_currency_same
        and abs(events.amount_local - compared.expected_amount) <= 0.01 * compared.expected_amount
            as is_misnamed
    from {{ ref("int_signals__purchases_compared") }} as compared
    inner join {{ ref("int_events__conversions") }} as events
        on compared.source = events.source and compared.event_key = events.event_key
    where
        compared.factor != 'none'
        and events.amount > 0
        and compared.event_date
        > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
),

counted as (
    select
        source,
        count(*) as event_count,
        count(*) filter (where is_odd) as odd_count,
        min(event_date) filter (where is_odd) as odd_since,
        median(times) as usual_times,
        count(*) filter (where is_misnamed) as misnamed_count,
        min(event_date) filter (where is_misnamed) as misnamed_since,
        max(currency_code) filter (where is_misnamed) as misnamed_currency,
        sum(amount - expected_amount) as affected_amount_local
    from events
    group by source
)

select
    source as segment,
    case when 2 * odd_count > event_count then odd_since else misnamed_since end as since_date,
    greatest(odd_count, misnamed_count) as affected_rows,
    affected_amount_local,
    (select reporting_currency from {{ source("company", "settings") }}) as currency_code,
    case
        when 2 * odd_count > event_count
            then
                cast(odd_count as {{ dbt.type_string() }}) || ' of '
                || cast(event_count as {{ dbt.type_string() }})
                || ' events are worth another amount than the orders they belong to, usually '
                || cast(cast(usual_times as decimal(18, 3)) as {{ dbt.type_string() }})
                || ' times it'
        else
            cast(misnamed_count as {{ dbt.type_string() }}) || ' of '
            || cast(event_count as {{ dbt.type_string() }})
            || ' events name the amount of their order in ' || misnamed_currency
            || ', a currency it is not in'
    end as observed
from counted
where
    event_count >= {{ least_events }}
    and (2 * odd_count > event_count or 2 * misnamed_count > event_count)
