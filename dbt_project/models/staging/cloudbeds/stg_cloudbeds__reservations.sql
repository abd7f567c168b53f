-- What a reservation was booked for is what it came to when it was first seen standing: once it is
-- cancelled the engine may show a fee, or nothing, in that place. The vendor keeps no past.
with source as (
    select * from {{ source("raw_cloudbeds", "reservations") }}
),

versions as (
    select
        reservation_id,
        total_amount,
        row_number() over (
            partition by reservation_id order by changed_at, _committed_at
        ) as position
    from {{ source("raw_cloudbeds", "reservations__loads") }}
    where not is_deleted and status in ('not_confirmed', 'confirmed', 'checked_in', 'checked_out')
),

channels as (
    select
        source_id,
        is_third_party
    from {{ source("raw_cloudbeds", "sources") }}
),

final as (
    select
        source.reservation_id,
        source.property_id,
        source.status,
        source.is_deleted,
        source.created_at,
        source.changed_at,
        source.cancelled_at,
        source.arrival_date,
        source.departure_date,
        source.source_id,
        source.source_name,
        source.source_category,
        source.currency_code,
        source.total_amount,
        source.rooms_amount,
        source.paid_amount,
        source.night_count,
        source.email_hmac,
        source._day,
        source._load_id,
        coalesce(versions.total_amount, source.total_amount) as booked_amount,
        case source.status
            when 'not_confirmed' then 'pending'
            when 'confirmed' then 'won'
            when 'checked_in' then 'won'
            when 'checked_out' then 'won'
            when 'canceled' then 'cancelled'
            when 'no_show' then 'no_show'
        end as state,
        coalesce(
            channels.is_third_party, lower(source.source_category) not like 'direct%', false
        ) as is_third_party,
        case
            when source.is_deleted then 'deleted in the booking engine'
            when
                source.status not in (
                    'not_confirmed', 'confirmed', 'checked_in', 'checked_out', 'canceled', 'no_show'
                )
                then 'its status is none that is known'
        end as reason
    from source
    left join versions on source.reservation_id = versions.reservation_id and versions.position = 1
    left join channels on source.source_id = channels.source_id
)

select * from final
