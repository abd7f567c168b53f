{{ config(materialized="table") }}

-- What a reservation was booked for is what it came to when it was first seen standing: once it is
-- cancelled the engine may show a fee, or nothing, in that place. The vendor keeps no past. One is
-- read again with a newer moment though its worth is the same: it is worth so since that last
-- differed. Sources have the same numbers in every property: each is looked up in its own. Behind
-- the number may stand who collects the money (`ss-2-1`), and not as the list has it: where the
-- list has a number once, that is the source.
with source as (
    select * from {{ source("raw_cloudbeds", "reservations") }}
),

versions as (
    select
        property_id,
        reservation_id,
        total_amount,
        changed_at,
        lag(total_amount) over life as previous_amount,
        row_number() over life as position
    from {{ source("raw_cloudbeds", "reservations__loads") }}
    where not is_deleted and status in ('not_confirmed', 'confirmed', 'checked_in', 'checked_out')
    window life as (partition by property_id, reservation_id order by changed_at, _committed_at)
),

worths as (
    select
        property_id,
        reservation_id,
        max(case when position = 1 then total_amount end) as booked_amount,
        max(case when total_amount is distinct from previous_amount then changed_at end)
            as total_changed_at
    from versions
    group by property_id, reservation_id
),

channels as (
    select
        property_id,
        source_id,
        regexp_extract(source_id, '^(s{1,2}-[^-]+)', 1) as source_number,
        is_third_party
    from {{ source("raw_cloudbeds", "sources") }}
),

listed_once as (
    select
        property_id,
        source_number,
        min(source_id) as source_id,
        bool_or(is_third_party) as is_third_party
    from channels
    where source_number != ''
    group by property_id, source_number
    having count(*) = 1
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
        coalesce(channels.source_id, listed_once.source_id, source.source_id) as source_id,
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
        coalesce(worths.booked_amount, source.total_amount) as booked_amount,
        coalesce(worths.total_changed_at, source.changed_at) as total_changed_at,
        case source.status
            when 'not_confirmed' then 'pending'
            when 'confirmed' then 'won'
            when 'checked_in' then 'won'
            when 'checked_out' then 'won'
            when 'canceled' then 'cancelled'
            when 'no_show' then 'no_show'
        end as state,
        coalesce(
            channels.is_third_party,
            listed_once.is_third_party,
            lower(source.source_category) not like 'direct%',
            false
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
    left join worths
        on
            source.property_id = worths.property_id
            and source.reservation_id = worths.reservation_id
    left join channels
        on source.property_id = channels.property_id and source.source_id = channels.source_id
    left join listed_once
        on
            source.property_id = listed_once.property_id
            and regexp_extract(source.source_id, '^(s{1,2}-[^-]+)', 1) = listed_once.source_number
)

select * from final
