-- Refunds with what is known of their order: `order_id` is null where none of it was landed.
with source as (
    select * from {{ source("raw_shopify", "refunds") }}
),

orders as (
    select
        order_id,
        is_test
    from {{ source("raw_shopify", "orders") }}
),

final as (
    select
        source.refund_id,
        orders.order_id,
        coalesce(orders.is_test, false) as is_of_test_order,
        -- As of an order: what is imported was created at the import, but processed when it was.
        source.processed_at as refunded_at,
        cast(source.amount as decimal(18, 6)) as amount_local,
        source.currency_code,
        source._day,
        source._load_id
    from source
    left join orders on source.order_id = orders.order_id
)

select * from final
