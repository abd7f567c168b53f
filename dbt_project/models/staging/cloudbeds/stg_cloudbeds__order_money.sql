-- Money is what was paid, given back and voided, each on its own day. Where a property's payments
-- are not read, the reservation's word stands: what it was worth when it was made, on that day; a
-- stay that came to something else is a correction on the day the guests left, or of the change
-- before it. A cancelled one, or guests who never came, leave what they paid and did not get back.
-- One that is not confirmed moves none.
with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

payments as (
    select * from {{ ref("stg_cloudbeds__payments") }}
    where reason is null
),

paying as (
    select distinct property_id from {{ source("raw_cloudbeds", "transactions") }}
),

reservations as (
    select reservations.*
    from {{ ref("stg_cloudbeds__reservations") }} as reservations
    left join paying on reservations.property_id = paying.property_id
    where
        reservations.reason is null
        and reservations.state != 'pending'
        and paying.property_id is null
),

movements as (
    select
        *,
        'sale' as entry_type,
        created_at as entry_at,
        booked_amount as amount_local
    from reservations
    union all
    select
        reservations.*,
        'correction' as entry_type,
        case
            when reservations.status = 'checked_out'
                then {{ day_start("reservations.departure_date", "settings.reporting_zone") }}
            else reservations.total_changed_at
        end as entry_at,
        reservations.total_amount - reservations.booked_amount as amount_local
    from reservations
    cross join settings
    where reservations.state = 'won'
    union all
    select
        reservations.*,
        -- A fee above the booking's worth adds money, which no cancellation does.
        case
            when reservations.paid_amount > reservations.booked_amount then 'correction'
            else 'cancellation'
        end as entry_type,
        case
            when reservations.state = 'no_show'
                then {{ day_start("reservations.arrival_date", "settings.reporting_zone") }}
            else coalesce(reservations.cancelled_at, reservations.changed_at)
        end as entry_at,
        coalesce(reservations.paid_amount, 0) - reservations.booked_amount as amount_local
    from reservations
    cross join settings
    where reservations.state in ('cancelled', 'no_show')
),

final as (
    select
        'cloudbeds' as source,
        'reservations' as stream,
        property_id as account_id,
        entry_type || ':' || reservation_id as entry_id,
        'booking' as record_type,
        reservation_id as record_id,
        entry_type,
        entry_at,
        cast(amount_local as decimal(38, 6)) as amount_local,
        currency_code,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from movements
    where amount_local != 0
    union all
    select
        'cloudbeds' as source,
        'transactions' as stream,
        property_id as account_id,
        'transaction:' || transaction_id as entry_id,
        'booking' as record_type,
        reservation_id as record_id,
        entry_type,
        moved_at as entry_at,
        cast(amount_local as decimal(38, 6)) as amount_local,
        currency_code,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from payments
)

select * from final
