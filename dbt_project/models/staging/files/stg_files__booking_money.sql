-- What a booking was worth when it was made, on that day. Cancelled, or with guests who never
-- came, it is worth what was kept; after a stay, what the stay came to. What came to more than was
-- booked is a correction, also of a cancelled one. An option nobody paid for moves no money yet.
-- What a file of refunds gave back of a booking is not taken back a second time: what it came to in
-- the end is recorded with them.
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

given_back as (
    select * from {{ ref("stg_files__given_back") }}
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

of_refunds as (
    select
        movements.account_id,
        movements.record_id,
        movements.entry_type,
        movements.entry_at,
        case
            when
                movements.entry_type = 'sale'
                or movements.amount_local > 0
                or given_back.record_id is null
                then movements.amount_local
            -- Refunds in another currency cannot be compared here: they stand for the whole.
            when
                movements.currency_code != given_back.first_currency
                or movements.currency_code != given_back.last_currency
                then 0
            else least(movements.amount_local + given_back.amount_local, 0)
        end as amount_local,
        movements.currency_code,
        movements._day,
        movements._load_id
    from movements
    left join given_back on movements.record_id = given_back.record_id
),

final as (
    select * from of_refunds
    where amount_local != 0
)

select * from final
