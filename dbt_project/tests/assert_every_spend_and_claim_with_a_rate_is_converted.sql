{{ config(meta={"runbook": "docs/runbook.md#rates"}) }}

-- Spend or claims that have an exchange rate have no amount in the reporting currency.
-- Only what has no rate may be null, and int_ads__set_aside lists it.
with amounts as (
    select
        'spend' as signal,
        platform || ' ' || account_id as segment,
        ad_date as amount_date,
        currency_code,
        spend_amount_local as amount_local
    from {{ ref("fct_ad_performance_daily") }}
    where spend_amount is null
    union all
    select
        'claims' as signal,
        platform || ' ' || account_id as segment,
        claim_date as amount_date,
        currency_code,
        claimed_amount_local as amount_local
    from {{ ref("fct_platform_claims") }}
    where claimed_amount is null and claimed_amount_local is not null
)

select
    amounts.signal,
    amounts.segment,
    min(amounts.amount_date) as since_date,
    count(*) as affected_rows,
    sum(amounts.amount_local) as affected_amount_local,
    amounts.currency_code
from amounts
inner join {{ ref("int_exchange_rates__carried") }} as rates
    on amounts.amount_date = rates.date_day and amounts.currency_code = rates.currency_code
group by amounts.signal, amounts.segment, amounts.currency_code
