{{ config(materialized="table") }}

-- Units of a currency and of the reporting currency per unit of the feed's base, for every day.
-- The feed is silent at weekends and on holidays: the last rate holds for five days, no longer.
with published as (
    select
        rate_date,
        currency_code,
        base_currency,
        units_per_base
    from {{ ref("stg_fx_rates__rates") }}
),

settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

days as (
    select date_day from {{ ref("int_dates__spined") }}
),

carried as (
    select
        days.date_day,
        published.currency_code,
        published.units_per_base
    from days
    inner join published
        on
            days.date_day >= published.rate_date
            and days.date_day <= {{ add_days("published.rate_date", 5) }}
    qualify
        row_number() over (
            partition by days.date_day, published.currency_code
            order by published.rate_date desc
        ) = 1
),

base as (
    select
        days.date_day,
        base.base_currency as currency_code,
        cast(1 as decimal(18, 6)) as units_per_base
    from days
    cross join (select distinct base_currency from published) as base
),

quoted as (
    select * from carried
    union all
    select * from base
    where currency_code not in (select currency_code from published)
),

-- The reporting currency needs no rate, whether or not the feed quotes it.
reporting as (
    select
        days.date_day,
        settings.reporting_currency as currency_code,
        cast(1 as decimal(18, 6)) as units_local,
        cast(1 as decimal(18, 6)) as units_reporting
    from days
    cross join settings
),

final as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from reporting
    union all
    select
        quoted.date_day,
        quoted.currency_code,
        quoted.units_per_base as units_local,
        home.units_per_base as units_reporting
    from quoted
    cross join settings
    inner join quoted as home
        on
            quoted.date_day = home.date_day
            and settings.reporting_currency = home.currency_code
    where quoted.currency_code != settings.reporting_currency
)

select * from final
