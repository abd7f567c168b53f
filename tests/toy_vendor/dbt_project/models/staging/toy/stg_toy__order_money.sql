with orders as (
    select * from {{ source("raw_toy", "orders") }}
),

movements as (
    select
        'sale' as entry_type,
        order_id,
        account_id,
        ordered_at,
        total + coalesce(discount, 0) as amount_local,
        currency,
        _day,
        _load_id
    from orders
    union all
    select
        'discount' as entry_type,
        order_id,
        account_id,
        ordered_at,
        -discount as amount_local,
        currency,
        _day,
        _load_id
    from orders
    where discount != 0
),

final as (
    select
        'toy' as source,
        'orders' as stream,
        account_id,
        entry_type || ':' || order_id as entry_id,
        'order' as record_type,
        order_id as record_id,
        entry_type,
        ordered_at as entry_at,
        cast(amount_local as decimal(38, 6)) as amount_local,
        currency as currency_code,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from movements
)

select * from final
