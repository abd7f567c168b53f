-- A deal from a file has one stage: won.
with deals as (
    select * from {{ ref("stg_files__deals") }}
),

final as (
    select
        source,
        stream,
        record_id as deal_record_id,
        'won' as stage,
        created_at as entered_at,
        amount_local,
        currency_code,
        'won' as outcome,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from deals
)

select * from final
