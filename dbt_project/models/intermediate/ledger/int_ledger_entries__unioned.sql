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
)

select * from final
