{{ config(materialized="table") }}

-- Units of a currency and of the reporting currency, one worth the other, for every day: as the law
-- has it for a currency that became another, else as published, else the last published rate for a
-- few silent days, else the fixed rate of the company file. A currency that none of them knows on a
-- day has no row.
with published as (
    select
        rate_date,
        currency_code,
        base_currency,
        units_per_base
    from {{ ref("int_exchange_rates__published") }}
),

laws as (
    select
        currency_code,
        base_currency,
        since_date,
        units_per_base
    from {{ source("company", "rates_by_law") }}
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
        published.units_per_base,
        case when published.rate_date = days.date_day then 'published' else 'carried' end
            as rate_kind
    from days
    inner join published
        on
            days.date_day >= published.rate_date
            and days.date_day <= {{ add_days("published.rate_date", rate_carry_days()) }}
    qualify
        row_number() over (
            partition by days.date_day, published.currency_code
            order by published.rate_date desc
        ) = 1
),

-- Without a feed the currencies that the law ties together still convert into each other.
bases as (
    select base_currency from published
    union
    select laws.base_currency from laws
    where not exists (select 1 from published)
),

base as (
    select
        days.date_day,
        bases.base_currency as currency_code,
        cast(1 as decimal(18, 6)) as units_per_base,
        'published' as rate_kind
    from days
    cross join bases
),

by_law as (
    select
        days.date_day,
        laws.currency_code,
        laws.units_per_base,
        'by law' as rate_kind
    from days
    inner join laws on days.date_day >= laws.since_date
    inner join bases on laws.base_currency = bases.base_currency
),

quoted as (
    select * from by_law
    union all
    select carried.*
    from carried
    left join by_law
        on
            carried.date_day = by_law.date_day
            and carried.currency_code = by_law.currency_code
    where by_law.currency_code is null
    union all
    select * from base
    where currency_code not in (select currency_code from published)
),

crossed as (
    select
        quoted.date_day,
        quoted.currency_code,
        quoted.units_per_base as units_local,
        home.units_per_base as units_reporting,
        case
            when 'carried' in (quoted.rate_kind, home.rate_kind) then 'carried'
            when 'by law' in (quoted.rate_kind, home.rate_kind) then 'by law'
            else 'published'
        end as rate_kind
    from quoted
    cross join settings
    inner join quoted as home
        on
            quoted.date_day = home.date_day
            and settings.reporting_currency = home.currency_code
),

fixed as (
    select
        days.date_day,
        fixed_rates.currency_code,
        fixed_rates.units_per_reporting as units_local,
        cast(1 as decimal(18, 6)) as units_reporting,
        'fixed' as rate_kind
    from days
    cross join {{ source("company", "fixed_rates") }} as fixed_rates
    left join crossed
        on
            days.date_day = crossed.date_day
            and fixed_rates.currency_code = crossed.currency_code
    where crossed.currency_code is null
),

-- The reporting currency needs no rate, whether or not a feed quotes it.
reporting as (
    select
        days.date_day,
        settings.reporting_currency as currency_code,
        cast(1 as decimal(18, 6)) as units_local,
        cast(1 as decimal(18, 6)) as units_reporting,
        'reporting' as rate_kind
    from days
    cross join settings
),

final as (
    select * from reporting
    union all
    select * from crossed
    where currency_code not in (select reporting_currency from settings)
    union all
    select * from fixed
    where currency_code not in (select reporting_currency from settings)
)

select * from final
