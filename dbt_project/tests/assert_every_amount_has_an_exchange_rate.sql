{{ config(severity="warn") }}

-- Money without a rate is never filled with nothing: it is set aside, and here it is counted by currency.
-- A currency whose published rates have ended goes on at the company file's fixed rate, and that is
-- named too, because a fixed rate ages.
with set_aside as (
    select
        source,
        stream,
        day,
        reason,
        currency_code,
        amount_local
    from {{ ref("int_conversions__set_aside") }}
    union all
    select
        source,
        stream,
        day,
        reason,
        currency_code,
        amount_local
    from {{ ref("int_ads__set_aside") }}
),

ended as (
    select
        currency_code,
        max(rate_date) as last_rate_date
    from {{ ref("int_exchange_rates__published") }}
    group by currency_code
),

covered as (
    select through_date from {{ ref("int_builds__covered") }}
)

select
    reason,
    source,
    stream,
    currency_code,
    count(*) as row_count,
    sum(amount_local) as amount_local,
    min(day) as first_date,
    max(day) as last_date
from set_aside
where reason like 'no exchange rate%' or reason = 'no currency'
group by reason, source, stream, currency_code
union all
select
    'converted at the fixed rate: published no longer' as reason,
    null as source,
    null as stream,
    rates.currency_code,
    count(*) as row_count,
    null as amount_local,
    min(rates.date_day) as first_date,
    max(rates.date_day) as last_date
from {{ ref("int_exchange_rates__carried") }} as rates
cross join covered
inner join ended on rates.currency_code = ended.currency_code
where
    rates.rate_kind = 'fixed'
    and rates.date_day > ended.last_rate_date
    and rates.date_day <= covered.through_date
group by rates.currency_code
