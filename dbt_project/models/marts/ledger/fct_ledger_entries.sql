{{ config(materialized="table") }}

with entries as (
    select * from {{ ref("int_ledger_entries__unioned") }}
),

conversions as (
    select
        conversion_id,
        conversion_date,
        goal,
        margin_ratio
    from {{ ref("int_conversions__unioned") }}
),

-- A left join: a refund of an order nobody knows is money all the same, and stands under no goal.
final as (
    select
        entries.entry_id,
        entries.conversion_id,
        entries.source,
        coalesce(conversions.goal, '(unmapped)') as goal,
        entries.entry_type,
        entries.entry_at,
        entries.entry_date,
        conversions.conversion_date,
        entries.amount_local,
        entries.currency_code,
        entries.amount,
        cast(round(entries.amount * conversions.margin_ratio, 6) as decimal(38, 6))
            as margin_amount
    from entries
    left join conversions on entries.conversion_id = conversions.conversion_id
)

select * from final
