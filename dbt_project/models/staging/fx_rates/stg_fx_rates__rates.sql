with source as (
    select * from {{ source("raw_fx_rates", "rates") }}
),

final as (
    select
        rate_date,
        currency_code,
        units_per_base,
        base_currency
    from source
)

select * from final
