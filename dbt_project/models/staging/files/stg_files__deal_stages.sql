-- A deal from a file has one stage: what its list calls it, since its day.
with states as (
    select
        record_id,
        state
    from {{ ref("stg_files__known_deals") }}
    where reason is null
),

deals as (
    select * from {{ ref("stg_files__deals") }}
),

final as (
    select
        deals.source,
        deals.stream,
        deals.record_id as deal_record_id,
        states.state as stage,
        deals.created_at as entered_at,
        deals.amount_local,
        deals.currency_code,
        states.state as outcome,
        cast(0 as bigint) as _rows,
        deals._day,
        deals._load_id
    from deals
    inner join states on deals.record_id = states.record_id
)

select * from final
