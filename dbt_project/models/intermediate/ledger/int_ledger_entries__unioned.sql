-- What a company does not count as revenue (a declared value, a deposit booked elsewhere) stays out
-- by its goal; what has no goal, or no conversion, stays in.
with entries as (
    select * from {{ ref("int_shopify__ledger_entries") }}
    union all
    select * from {{ ref("int_hubspot__ledger_entries") }}
    union all
    select * from {{ ref("int_files__ledger_entries") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

conversions as (
    select
        conversion_id,
        counts_as_revenue
    from {{ ref("int_conversions__unioned") }}
),

final as (
    select
        entries.entry_id,
        entries.conversion_id,
        entries.entry_type,
        entries.entry_at,
        {{ local_date("entries.entry_at", "settings.reporting_zone") }} as entry_date,
        cast(entries.amount_local as decimal(18, 2)) as amount_local,
        entries.currency_code
    from entries
    cross join settings
    left join conversions on entries.conversion_id = conversions.conversion_id
    where coalesce(conversions.counts_as_revenue, true)
)

select * from final
where entry_date <= (select through_date from {{ ref("int_builds__covered") }})
