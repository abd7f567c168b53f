-- Money without a rate is never filled with nothing. The message names currency, days and where,
-- because whoever is woken needs them; a rate is carried over five days and no longer.
with amounts as (
    select
        'ledger' as found_in,
        currency_code,
        entry_date as amount_date
    from {{ ref("int_ledger_entries__unioned") }}
    where amount_local != 0
    union
    select
        'spend' as found_in,
        currency_code,
        ad_date as amount_date
    from {{ ref("int_ad_performance__unioned") }}
    where spend_amount_local != 0
    union
    select
        'claims' as found_in,
        keys.currency_code,
        versions.claim_date as amount_date
    from {{ ref("int_claims__versions") }} as versions
    inner join {{ ref("int_claims__keys") }} as keys on versions.claim_key = keys.claim_key
    where versions.valid_to is null and versions.claimed_amount_local != 0
    union
    select
        'GA4 purchases' as found_in,
        currency_code,
        event_date as amount_date
    from {{ ref("int_ga4__conversion_events") }}
    where purchase_amount_local != 0
),

missing as (
    select
        amounts.currency_code,
        amounts.amount_date,
        amounts.found_in
    from amounts
    cross join {{ source("company", "settings") }} as settings
    left join {{ ref("int_exchange_rates__carried") }} as rates
        on
            amounts.amount_date = rates.date_day
            and amounts.currency_code = rates.currency_code
    where
        rates.currency_code is null
        and amounts.currency_code is distinct from settings.reporting_currency
),

gaps as (
    select
        coalesce(currency_code, 'no currency')
        || ' in ' || found_in
        || ' on ' || count(*) || ' days from ' || min(amount_date) || ' to ' || max(amount_date)
            as gap
    from missing
    group by currency_code, found_in
),

told as (
    select
        'no exchange rate for ' || string_agg(gap, '; ' order by gap)
        || '. Land fx_rates for those days, or add the currency to its options.' as message
    from gaps
)

select message
from told
where message is not null and {{ fail_with("message") }} is not null
