{{ config(materialized="table") }}

-- Days of an offer, by goal: far more conversions than usual were given a discount. On them other
-- people buy than on other days, many by way of those who hand out codes, so that what a platform
-- claims of all sales says little of the platform. A day is held against the eight weeks before it
-- alone, so that no later day changes what it was.
{% set history_days = 56 %}
{% set least_history_days = 14 %}
-- By chance one day in seven hundred is so far off.
{% set deviations = 3 %}
{% set times_as_many = 2 %}
{% set least_discounted = 3 %}
with discounted as (
    select distinct conversion_id
    from {{ ref("fct_ledger_entries") }}
    where entry_type = 'discount'
),

days as (
    select
        conversions.goal,
        conversions.conversion_date,
        count(*) as conversions,
        count(discounted.conversion_id) as discounted_conversions,
        count(discounted.conversion_id) * 1.0 / count(*) as discounted_share
    from {{ ref("int_conversions__reconciled") }} as conversions
    left join discounted on conversions.conversion_id = discounted.conversion_id
    where conversions.record_type != 'visit' and conversions.goal is not null
    group by conversions.goal, conversions.conversion_date
),

-- Where nothing is ever discounted, half an order is: what never happened may happen.
usual as (
    select
        days.goal,
        days.conversion_date,
        greatest(
            median(earlier.discounted_share), 0.5 / sum(earlier.conversions)
        ) as discounted_share
    from days
    inner join days as earlier
        on
            days.goal = earlier.goal
            and days.conversion_date > earlier.conversion_date
            and days.conversion_date
            <= {{ add_days("earlier.conversion_date", history_days) }}
    group by days.goal, days.conversion_date
    having count(*) >= {{ least_history_days }}
),

final as (
    select
        days.goal,
        days.conversion_date as offer_date
    from days
    inner join usual
        on days.goal = usual.goal and days.conversion_date = usual.conversion_date
    where
        days.discounted_conversions >= {{ least_discounted }}
        and days.discounted_share >= {{ times_as_many }} * usual.discounted_share
        and days.discounted_share >= usual.discounted_share
        + {{ deviations }} * sqrt(
            usual.discounted_share * (1 - usual.discounted_share) / days.conversions
        )
)

select * from final
