-- What a booking was worth when it was made, on that day. Cancelled, or with guests who never
-- came, it is worth what was kept; after a stay, what the stay came to. What came to more than was
-- booked is a correction, also of a cancelled one. An option nobody paid for moves no money yet.
with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

bookings as (
    select
        account_id,
        record_id,
        booked_at,
        arrival_date,
        departure_date,
        status,
        cancelled_at,
        coalesce(booked_amount_local, 0) as booked_amount_local,
        stayed_amount_local,
        currency_code,
        _day,
        _load_id
    from {{ ref("stg_files__bookings") }}
    where status != 'pending'
),

movements as (
    select
        *,
        'sale' as entry_type,
        booked_at as entry_at,
        booked_amount_local as amount_local
    from bookings
    union all
    select
        bookings.*,
        -- A fee above the booking's worth adds money, which no cancellation does.
        case
            when bookings.stayed_amount_local > bookings.booked_amount_local then 'correction'
            else 'cancellation'
        end as entry_type,
        coalesce(
            case
                when bookings.status = 'cancelled' then bookings.cancelled_at
                else {{ day_start("bookings.arrival_date", "settings.reporting_zone") }}
            end,
            bookings.booked_at
        ) as entry_at,
        coalesce(bookings.stayed_amount_local, 0)
        - bookings.booked_amount_local as amount_local
    from bookings
    cross join settings
    where bookings.status in ('cancelled', 'no_show')
    union all
    select
        bookings.*,
        'correction' as entry_type,
        coalesce(
            {{ day_start(
                "coalesce(bookings.departure_date, bookings.arrival_date)",
                "settings.reporting_zone"
            ) }},
            bookings.booked_at
        ) as entry_at,
        bookings.stayed_amount_local - bookings.booked_amount_local as amount_local
    from bookings
    cross join settings
    where bookings.status = 'won' and bookings.stayed_amount_local is not null
),

final as (
    select
        account_id,
        record_id,
        entry_type,
        entry_at,
        amount_local,
        currency_code,
        _day,
        _load_id
    from movements
    where amount_local != 0
)

select * from final
