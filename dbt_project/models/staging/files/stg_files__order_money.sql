with orders as (
    select * from {{ source("raw_files", "orders") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

movements as (
    select
        'orders' as stream,
        'sale' as entry_type,
        feed,
        feed || ':' || order_id as movement_id,
        'order' as record_type,
        feed || ':' || order_id as record_id,
        ordered_at as entry_at,
        ordered_date as entry_date,
        amount_local + coalesce(discount_amount_local, 0) as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from orders
    where coalesce(lower(status), 'won') in ('won', 'cancelled')
    union all
    select
        'orders' as stream,
        'discount' as entry_type,
        feed,
        feed || ':' || order_id as movement_id,
        'order' as record_type,
        feed || ':' || order_id as record_id,
        ordered_at as entry_at,
        ordered_date as entry_date,
        -discount_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from orders
    where discount_amount_local != 0 and coalesce(lower(status), 'won') in ('won', 'cancelled')
    union all
    select
        'refunds' as stream,
        coalesce(lower(entry_type), 'refund') as entry_type,
        feed,
        feed || ':' || refund_id as movement_id,
        record_type,
        record_id,
        refunded_at as entry_at,
        refunded_date as entry_date,
        -amount_local as amount_local,
        currency_code,
        1 as _rows,
        _day,
        _load_id
    from {{ ref("stg_files__refunded_records") }}
    union all
    select
        'bookings' as stream,
        entry_type,
        feed,
        'booking:' || feed || ':' || booking_id as movement_id,
        'booking' as record_type,
        'booking:' || feed || ':' || booking_id as record_id,
        entry_at,
        entry_date,
        amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from {{ ref("stg_files__booking_money") }}
),

final as (
    select
        'files' as source,
        movements.stream,
        movements.feed as account_id,
        movements.entry_type || ':' || movements.movement_id as entry_id,
        movements.record_type,
        movements.record_id,
        movements.entry_type,
        coalesce(
            movements.entry_at, {{ day_start("movements.entry_date", "settings.reporting_zone") }}
        ) as entry_at,
        cast(movements.amount_local as decimal(18, 6)) as amount_local,
        movements.currency_code,
        cast(movements._rows as bigint) as _rows,
        movements._day,
        movements._load_id
    from movements
    cross join settings
)

select * from final
