with orders as (
    select
        order_id,
        ordered_at,
        cancelled_at,
        currency_code,
        subtotal_amount_local + shipping_amount_local as sale_amount_local,
        discount_amount_local
    from {{ ref("stg_shopify__orders") }}
    where not is_test
),

refunds as (
    select
        refunds.refund_id,
        refunds.order_id,
        refunds.refunded_at,
        refunds.amount_local,
        refunds.currency_code
    from {{ ref("stg_shopify__refunds") }} as refunds
    inner join orders on refunds.order_id = orders.order_id
),

sales as (
    select
        'sale' as entry_type,
        order_id as record_id,
        order_id,
        ordered_at as entry_at,
        sale_amount_local as amount_local,
        currency_code
    from orders
),

discounts as (
    select
        'discount' as entry_type,
        order_id as record_id,
        order_id,
        ordered_at as entry_at,
        -discount_amount_local as amount_local,
        currency_code
    from orders
    where discount_amount_local != 0
),

given_back as (
    select
        'refund' as entry_type,
        refund_id as record_id,
        order_id,
        refunded_at as entry_at,
        -amount_local as amount_local,
        currency_code
    from refunds
    where amount_local != 0
),

kept as (
    select
        orders.order_id,
        orders.sale_amount_local
        - orders.discount_amount_local
        - coalesce(sum(refunds.amount_local), 0) as amount_local
    from orders
    left join refunds on orders.order_id = refunds.order_id
    where orders.cancelled_at is not null
    group by orders.order_id, orders.sale_amount_local, orders.discount_amount_local
),

-- A cancelled order is worth nothing: whatever its refunds left is taken back at that moment.
cancellations as (
    select
        'cancellation' as entry_type,
        orders.order_id as record_id,
        orders.order_id,
        orders.cancelled_at as entry_at,
        -kept.amount_local as amount_local,
        orders.currency_code
    from orders
    inner join kept on orders.order_id = kept.order_id
    where kept.amount_local != 0
),

unioned as (
    select * from sales
    union all
    select * from discounts
    union all
    select * from given_back
    union all
    select * from cancellations
),

final as (
    select
        'shopify:' || entry_type || ':' || record_id as entry_id,
        'shopify:' || order_id as conversion_id,
        entry_type,
        entry_at,
        amount_local,
        currency_code
    from unioned
)

select * from final
