-- An order that is pending or void moved no money. Of a cancelled one the file does not say when it
-- was: what its refunds left is taken back where it was sold, and nothing where they left nothing.
-- A fee gives nothing back: it stays after the order is taken back. Refunds in another currency
-- cannot be compared here: they stand for all that was given back.
with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

orders as (
    select
        feed,
        feed || ':' || order_id as record_id,
        state,
        coalesce(
            ordered_at, {{ day_start("ordered_date", "settings.reporting_zone") }}
        ) as entry_at,
        cast(amount_local as decimal(38, 6)) as amount_local,
        coalesce(discount_amount_local, 0) as discount_amount_local,
        currency_code,
        _day,
        _load_id
    from {{ ref("stg_files__known_orders") }}
    cross join settings
    where reason is null and state in ('won', 'cancelled')
),

refunds as (
    select * from {{ ref("stg_files__refunded_records") }}
),

given_back as (
    select * from {{ ref("stg_files__given_back") }}
),

of_orders as (
    select
        *,
        'sale' as entry_type,
        amount_local + discount_amount_local as moved_amount_local
    from orders
    union all
    select
        *,
        'discount' as entry_type,
        -discount_amount_local as moved_amount_local
    from orders
    where discount_amount_local != 0
    union all
    select
        orders.*,
        'cancellation' as entry_type,
        coalesce(given_back.amount_local, 0) - orders.amount_local as moved_amount_local
    from orders
    left join given_back on orders.record_id = given_back.record_id
    where
        orders.state = 'cancelled'
        and orders.amount_local > coalesce(given_back.amount_local, 0)
        and orders.currency_code = coalesce(given_back.first_currency, orders.currency_code)
        and orders.currency_code = coalesce(given_back.last_currency, orders.currency_code)
),

movements as (
    select
        'orders' as stream,
        feed as account_id,
        entry_type || ':' || record_id as entry_id,
        'order' as record_type,
        record_id,
        entry_type,
        entry_at,
        moved_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from of_orders
    union all
    select
        'refunds' as stream,
        refunds.feed as account_id,
        'refund:' || refunds.feed || ':' || refunds.refund_id as entry_id,
        refunds.record_type,
        -- an order no file knows is named all the same, for a person to look for it
        coalesce(refunds.record_id, refunds.feed || ':' || refunds.named_number) as record_id,
        refunds.entry_type,
        coalesce(
            refunds.refunded_at,
            {{ day_start("refunds.refunded_date", "settings.reporting_zone") }}
        ) as entry_at,
        -refunds.amount_local as amount_local,
        refunds.currency_code,
        1 as _rows,
        refunds._day,
        refunds._load_id
    from refunds
    cross join settings
    union all
    select
        'bookings' as stream,
        account_id,
        entry_type || ':' || record_id as entry_id,
        'booking' as record_type,
        record_id,
        entry_type,
        entry_at,
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
        stream,
        account_id,
        entry_id,
        record_type,
        record_id,
        entry_type,
        entry_at,
        cast(amount_local as decimal(38, 6)) as amount_local,
        currency_code,
        cast(_rows as bigint) as _rows,
        _day,
        _load_id
    from movements
)

select * from final
