-- A sale with its shipping, its discount, its refunds; a cancelled order is worth nothing, so what
-- its refunds left is taken back at that moment, and nothing where they left nothing.
with orders as (
    select * from {{ ref("stg_shopify__sales") }}
    where not is_test
),

refunds as (
    select * from {{ ref("stg_shopify__known_refunds") }}
    where not is_of_test_order
),

given_back as (
    select
        order_id,
        sum(amount_local) as amount_local
    from refunds
    group by order_id
),

kept as (
    select
        orders.*,
        orders.total_amount_local - coalesce(given_back.amount_local, 0) as kept_amount_local
    from orders
    left join given_back on orders.order_id = given_back.order_id
),

unioned as (
    select
        'orders' as stream,
        'sale' as entry_type,
        order_id as movement_id,
        order_id,
        ordered_at as entry_at,
        goods_amount_local + shipping_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from orders
    union all
    select
        'orders' as stream,
        'discount' as entry_type,
        order_id as movement_id,
        order_id,
        ordered_at as entry_at,
        -discount_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from orders
    where discount_amount_local != 0
    union all
    select
        'refunds' as stream,
        'refund' as entry_type,
        refund_id as movement_id,
        order_id,
        refunded_at as entry_at,
        -amount_local as amount_local,
        currency_code,
        1 as _rows,
        _day,
        _load_id
    from refunds
    union all
    select
        'orders' as stream,
        'cancellation' as entry_type,
        order_id as movement_id,
        order_id,
        cancelled_at as entry_at,
        -kept_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from kept
    where cancelled_at is not null and kept_amount_local > 0
),

final as (
    select
        'shopify' as source,
        unioned.stream,
        {{ sole_account("shopify") }} as account_id,
        unioned.entry_type || ':' || unioned.movement_id as entry_id,
        'order' as record_type,
        unioned.order_id as record_id,
        unioned.entry_type,
        unioned.entry_at,
        cast(unioned.amount_local as decimal(38, 6)) as amount_local,
        unioned.currency_code,
        cast(unioned._rows as bigint) as _rows,
        unioned._day,
        unioned._load_id
    from unioned
)

select * from final
