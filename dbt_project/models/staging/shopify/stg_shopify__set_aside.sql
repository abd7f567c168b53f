with test_orders as (
    select * from {{ ref("stg_shopify__sales") }}
    where is_test
),

test_refunds as (
    select * from {{ ref("stg_shopify__known_refunds") }}
    where is_of_test_order
),

unioned as (
    select
        'orders' as stream,
        order_id as record_id,
        'a test order' as reason,
        currency_code,
        total_amount_local as amount_local,
        _day,
        _load_id
    from test_orders
    union all
    select
        'refunds' as stream,
        'refund:' || refund_id as record_id,
        'a refund of a test order' as reason,
        currency_code,
        amount_local,
        _day,
        _load_id
    from test_refunds
),

final as (
    select
        'shopify' as source,
        stream,
        record_id,
        reason,
        'excluded' as kind,
        currency_code,
        cast(amount_local as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
