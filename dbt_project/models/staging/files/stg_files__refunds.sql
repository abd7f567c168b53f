with source as (
    select * from {{ source("raw_files", "refunds") }}
),

final as (
    select
        feed,
        refund_id,
        order_id,
        refunded_date,
        cast(amount_local as decimal(18, 6)) as amount_local,
        currency_code,
        _day,
        _load_id
    from source
)

select * from final
