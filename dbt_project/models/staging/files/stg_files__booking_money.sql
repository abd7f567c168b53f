-- What a booking was worth when it was made, on that day. Cancelled, or with guests who never came,
-- it is worth what was kept; after a stay, what the stay came to. An option nobody paid for moves no
-- money yet.
with bookings as (
    select
        *,
        coalesce(
            lower(status), case when cancelled_date is null then 'won' else 'cancelled' end
        ) as outcome,
        coalesce(amount_local, 0) as booked_amount_local
    from {{ source("raw_files", "bookings") }}
),

movements as (
    select
        'sale' as entry_type,
        feed,
        booking_id,
        booked_at as entry_at,
        booked_date as entry_date,
        booked_amount_local as amount_local,
        currency_code,
        _day,
        _load_id
    from bookings
    where outcome != 'pending'
    union all
    select
        'cancellation' as entry_type,
        feed,
        booking_id,
        null as entry_at,
        case outcome
            when 'no_show' then coalesce(arrival_date, booked_date)
            else coalesce(cancelled_date, booked_date)
        end as entry_date,
        coalesce(stayed_amount_local, 0) - booked_amount_local as amount_local,
        currency_code,
        _day,
        _load_id
    from bookings
    where outcome in ('cancelled', 'no_show')
    union all
    select
        'correction' as entry_type,
        feed,
        booking_id,
        null as entry_at,
        coalesce(departure_date, arrival_date, booked_date) as entry_date,
        stayed_amount_local - booked_amount_local as amount_local,
        currency_code,
        _day,
        _load_id
    from bookings
    where outcome = 'won' and stayed_amount_local is not null
),

final as (
    select * from movements
    where amount_local != 0
)

select * from final
