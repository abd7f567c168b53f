-- Two shops may number their orders alike: a refund takes from the order of its own feed, else from
-- the first feed that has it; where no order bears the number, from a booking that does. `record_id`
-- is null where the refund names none, or one no file knows.
with refunds as (
    select * from {{ source("raw_files", "refunds") }}
),

records as (
    select
        1 as preference,
        'order' as record_type,
        feed,
        order_id as number,
        feed || ':' || order_id as record_id
    from {{ source("raw_files", "orders") }}
    union all
    select
        2 as preference,
        'booking' as record_type,
        feed,
        booking_id as number,
        'booking:' || feed || ':' || booking_id as record_id
    from {{ source("raw_files", "bookings") }}
),

final as (
    select
        refunds.*,
        coalesce(records.record_type, 'order') as record_type,
        records.record_id
    from refunds
    left join records on refunds.order_id = records.number
    qualify
        row_number() over (
            partition by refunds.feed, refunds.refund_id
            order by
                records.preference,
                case when refunds.feed = records.feed then 0 else 1 end,
                records.feed
        ) = 1
)

select * from final
