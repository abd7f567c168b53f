{{ config(severity="warn", meta={"runbook": "docs/runbook.md#rates"}) }}

-- Amounts in a currency without an exchange rate are set aside, or converted at a fixed rate that
-- ages. Land the rates of those days, or give the currency a fixed rate in the company file.
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
    'set aside' as signal,
    coalesce(currency_code, 'no currency') as segment,
    min(day) as since_date,
    count(*) as affected_rows,
    sum(amount_local) as affected_amount_local,
    currency_code,
    min(source || '.' || stream) as first_stream,
    max(source || '.' || stream) as last_stream
from set_aside
where reason like 'no exchange rate%' or reason = 'no currency'
group by currency_code
union all
select
    'fixed rate' as signal,
    rates.currency_code as segment,
    min(rates.date_day) as since_date,
    count(*) as affected_rows,
    null as affected_amount_local,
    rates.currency_code,
    null as first_stream,
    null as last_stream
from {{ ref("int_exchange_rates__carried") }} as rates
cross join covered
inner join ended on rates.currency_code = ended.currency_code
where
    rates.rate_kind = 'fixed'
    and rates.date_day > ended.last_rate_date
    and rates.date_day <= covered.through_date
group by rates.currency_code
