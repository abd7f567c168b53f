-- Rooms that are sold on a night. Nights that were taken off a stay stand in older versions alone:
-- they count as none sold. A room that is made of others is none of its own: whoever books it takes
-- the rooms it is made of, where the vendor tells them. A night that names no room yet is of any of
-- its kind.
with rooms as (
    select * from {{ source("raw_cloudbeds", "rooms") }}
),

reservations as (
    select
        property_id,
        reservation_id,
        state,
        reason
    from {{ ref("stg_cloudbeds__reservations") }}
),

links as (
    select
        property_id,
        room_id,
        room_type_id,
        {{ split_rows("linked_room_ids", "';'") }} as part_room_id
    from rooms
    where is_virtual
),

parts as (
    select
        links.property_id,
        links.room_id,
        links.room_type_id,
        rooms.room_type_id as part_type_id,
        count(*) as room_count
    from links
    inner join rooms
        on links.property_id = rooms.property_id and links.part_room_id = rooms.room_id
    where rooms.is_virtual is not true
    group by links.property_id, links.room_id, links.room_type_id, rooms.room_type_id
),

composed as (
    select
        property_id,
        room_type_id,
        min(room_id) as room_id
    from parts
    group by property_id, room_type_id
),

made_of_others as (
    select distinct
        property_id,
        room_id
    from parts
),

nights as (
    select
        *,
        max(changed_at) over (partition by property_id, reservation_id) as newest_at
    from {{ source("raw_cloudbeds", "nights") }}
),

booked as (
    select
        nights.property_id,
        nights.room_type_id,
        nights.night_date as stay_date,
        case when nights.room_id is null then composed.room_id else made_of_others.room_id end
            as composed_room_id,
        coalesce(
            reservations.state = 'won'
            and reservations.reason is null
            and nights.changed_at = nights.newest_at
            and coalesce(nights.room_status, '') != 'cancelled',
            false
        ) as is_sold,
        nights._day,
        nights._load_id
    from nights
    left join reservations
        on
            nights.property_id = reservations.property_id
            and nights.reservation_id = reservations.reservation_id
    left join composed
        on
            nights.property_id = composed.property_id
            and nights.room_type_id = composed.room_type_id
    left join made_of_others
        on
            nights.property_id = made_of_others.property_id
            and nights.room_id = made_of_others.room_id
),

unioned as (
    select
        property_id,
        room_type_id,
        stay_date,
        1 as row_count,
        case when is_sold and composed_room_id is null then 1 else 0 end as room_count,
        _day,
        _load_id
    from booked
    union all
    select
        booked.property_id,
        parts.part_type_id as room_type_id,
        booked.stay_date,
        0 as row_count,
        parts.room_count,
        booked._day,
        booked._load_id
    from booked
    inner join parts
        on booked.property_id = parts.property_id and booked.composed_room_id = parts.room_id
    where booked.is_sold
),

final as (
    select
        property_id,
        room_type_id,
        stay_date,
        sum(row_count) as row_count,
        sum(room_count) as room_count,
        _day,
        _load_id
    from unioned
    group by property_id, room_type_id, stay_date, _day, _load_id
)

select * from final
