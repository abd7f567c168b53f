{{ config(materialized="table") }}

-- What staging left out of the shapes, for the accounts of rows.
with unioned as (
    {{ union_shape("set_aside") }}
),

final as (
    select
        source,
        stream,
        _day as day,
        record_id,
        reason,
        kind,
        currency_code,
        amount_local,
        _load_id,
        _rows as set_aside_rows
    from unioned
)

select * from final
