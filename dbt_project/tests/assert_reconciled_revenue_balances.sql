-- Promise 1. Per day and currency what the records say was earned is, to the cent, the sum of what
-- is attributed, observed but not attributed, and unobserved, and nothing else is in the ledger;
-- per day the channels add up to it.
with records as (
    select
        entry_date,
        currency_code,
        sum(amount_local) as amount_local
    from {{ ref("int_ledger_entries__unioned") }}
    group by entry_date, currency_code
),

parts as (
    select
        entries.entry_date,
        entries.currency_code,
        sum(entries.amount_local) as amount_local,
        sum(
            case conversions.attribution_state
                when 'attributed' then entries.amount_local
                else 0
            end
        ) as attributed_amount_local,
        sum(
            case conversions.attribution_state
                when 'observed_unattributed' then entries.amount_local
                else 0
            end
        ) as observed_amount_local,
        sum(
            case conversions.attribution_state
                when 'unobserved' then entries.amount_local
                else 0
            end
        ) as unobserved_amount_local
    from {{ ref("fct_ledger_entries") }} as entries
    left join {{ ref("fct_conversions") }} as conversions
        on entries.conversion_id = conversions.conversion_id
    group by entries.entry_date, entries.currency_code
),

ledger_days as (
    select
        entry_date,
        sum(amount) as amount
    from {{ ref("fct_ledger_entries") }}
    group by entry_date
),

channel_days as (
    select
        report_date,
        sum(reconciled_revenue_amount) as amount
    from {{ ref("fct_channel_daily") }}
    group by report_date
)

select
    'ledger and conversions' as balance,
    coalesce(records.entry_date, parts.entry_date) as entry_date,
    coalesce(records.currency_code, parts.currency_code) as currency_code,
    records.amount_local as expected_amount,
    parts.attributed_amount_local
    + parts.observed_amount_local
    + parts.unobserved_amount_local as found_amount
from records
full outer join parts
    on
        records.entry_date = parts.entry_date
        and records.currency_code = parts.currency_code
where
    records.amount_local is distinct from parts.amount_local
    or records.amount_local is distinct from
    parts.attributed_amount_local + parts.observed_amount_local + parts.unobserved_amount_local
union all
select
    'ledger and channels' as balance,
    coalesce(ledger_days.entry_date, channel_days.report_date) as entry_date,
    'reporting' as currency_code,
    ledger_days.amount as expected_amount,
    channel_days.amount as found_amount
from ledger_days
full outer join channel_days on ledger_days.entry_date = channel_days.report_date
where coalesce(ledger_days.amount, 0) is distinct from coalesce(channel_days.amount, 0)
