{{ config(severity="warn", meta={"runbook": "docs/runbook.md#scale"}) }}

-- An account spent many times what all sales brought in: cents or millionths of a unit were taken
-- for units, or one currency for another. What was so from the first day is no change, so signals
-- that compare days with those before them say nothing. Of a company that sells nothing here, what
-- a click costs says it: no unit of a currency is so small.
{#- The days looked at, the fewest that say something, and how far is too far. -#}
{%- set days, least_days, most_times, most_a_click = 30, 7, 10, 100000 %}
with covered as (
    select {{ add_days("through_date", -days) }} as after_date
    from {{ ref("int_builds__covered") }}
),

settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

spend as (
    select
        platform,
        account_id,
        min(ad_date) as since_date,
        count(distinct ad_date) as day_count,
        sum(spend_amount) as spend_amount,
        sum(clicks) as clicks
    from {{ ref("fct_ad_performance_daily") }}
    where ad_date > (select after_date from covered)
    group by platform, account_id
),

revenue as (
    select coalesce(sum(amount), 0) as revenue_amount
    from {{ ref("fct_ledger_entries") }}
    where entry_date > (select after_date from covered)
)

select
    spend.platform || ' ' || coalesce(spend.account_id, '') as segment,
    spend.since_date,
    spend.day_count,
    spend.spend_amount as affected_amount_local,
    settings.reporting_currency as currency_code,
    case
        when revenue.revenue_amount > 0
            then
                cast(cast(spend.spend_amount as decimal(38, 2)) as {{ dbt.type_string() }})
                || ' were spent while all sales brought '
                || cast(cast(revenue.revenue_amount as decimal(38, 2)) as {{ dbt.type_string() }})
        else
            'a click cost '
            || cast(
                cast(spend.spend_amount / spend.clicks as decimal(38, 2)) as {{ dbt.type_string() }}
            )
    end as observed
from spend
cross join revenue
cross join settings
where
    (
        spend.day_count >= {{ least_days }}
        and revenue.revenue_amount > 0
        and spend.spend_amount > {{ most_times }} * revenue.revenue_amount
    )
    or (
        revenue.revenue_amount <= 0
        and spend.clicks > 0
        and spend.spend_amount > {{ most_a_click }} * spend.clicks
    )
