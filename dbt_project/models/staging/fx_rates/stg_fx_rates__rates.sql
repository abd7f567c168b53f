-- Weekends and holidays have no row: the last rate holds.
with source as (
    select * from {{ source("raw_fx_rates", "rates") }}
),

final as (
    select
        'fx_rates' as source,
        'rates' as stream,
        rate_date,
        currency_code,
        base_currency,
        units_per_base,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
