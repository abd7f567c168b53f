with source as (
    select * from {{ source("raw_shopify", "refunds") }}
),

final as (
    select
        refund_id,
        order_id,
        -- As of an order: what is imported was created at the import, but processed when it was.
        processed_at as refunded_at,
        cast(amount as decimal(18, 6)) as amount_local,
        currency_code,
        _load_id
    from source
)

select * from final
