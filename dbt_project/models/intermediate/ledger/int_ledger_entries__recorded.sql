{{ config(materialized="table") }}

-- Every movement of money on its own day and in the reporting currency. `conversion_id` is null
-- where nobody knows the order or booking it belongs to; `reason` says why a movement cannot be
-- used.
with entries as (
    select * from {{ ref("int_ledger_entries__from_money") }}
    union all
    select * from {{ ref("int_ledger_entries__from_deals") }}
),

settings as (
    select
        reporting_zone,
        reporting_currency
    from {{ source("company", "settings") }}
),

covered as (
    select through_date from {{ ref("int_builds__covered") }}
),

loads as (
    select
        load_id,
        committed_at
    from {{ source("trueup", "applied_loads") }}
),

conversions as (
    select
        conversion_id,
        counts_as_revenue
    from {{ ref("int_conversions__recorded") }}
    where is_due
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

dated as (
    select
        entries.source,
        entries.stream,
        entries.entry_id,
        conversions.conversion_id,
        entries.conversion_id as named_conversion_id,
        coalesce(conversions.counts_as_revenue, true) as counts_as_revenue,
        entries.entry_type,
        entries.entry_at,
        {{ local_date("entries.entry_at", "settings.reporting_zone") }} as entry_date,
        entries.amount_local,
        entries.currency_code,
        entries._rows,
        entries._day,
        entries._load_id
    from entries
    cross join settings
    left join conversions on entries.conversion_id = conversions.conversion_id
),

-- The reporting currency needs no rate even on days outside the calendar of this build.
final as (
    select
        dated.source,
        dated.stream,
        dated.entry_id,
        dated.conversion_id,
        dated.named_conversion_id,
        dated.counts_as_revenue,
        dated.entry_type,
        dated.entry_at,
        dated.entry_date,
        dated.amount_local,
        dated.currency_code,
        case
            when dated.currency_code = settings.reporting_currency or dated.amount_local = 0
                then dated.amount_local
            else {{ convert_amount(
                "dated.amount_local", "rates.units_local", "rates.units_reporting"
            ) }}
        end as amount,
        case
            when dated.currency_code = settings.reporting_currency or dated.amount_local = 0
                then null
            when dated.currency_code is null then 'no currency'
            when rates.currency_code is null then 'no exchange rate for ' || dated.currency_code
        end as reason,
        dated.entry_date <= covered.through_date as is_due,
        {{ is_beyond(
            "dated.entry_date",
            "covered.through_date",
            local_date("loads.committed_at", "settings.reporting_zone"),
        ) }} as is_beyond,
        dated._rows,
        dated._day,
        dated._load_id
    from dated
    cross join settings
    cross join covered
    left join loads on dated._load_id = loads.load_id
    left join rates
        on dated.entry_date = rates.date_day and dated.currency_code = rates.currency_code
)

select * from final
