-- Nights that were taken off a stay stand in older versions alone: they count as none sold. Rooms
-- that are made of others are listed, and are none of their own. How many rooms there are is known
-- of the newest listing: it is taken for every night that is booked or blocked.
with rooms as (
    select * from {{ source("raw_cloudbeds", "rooms") }}
),

blocks as (
    select * from {{ source("raw_cloudbeds", "room_blocks") }}
),

reservations as (
    select
        reservation_id,
        property_id,
        state,
        reason
    from {{ ref("stg_cloudbeds__reservations") }}
),

properties as (
    select distinct property_id
    from {{ source("raw_cloudbeds", "property") }}
),

nights as (
    select
        *,
        max(changed_at) over (partition by reservation_id) as newest_at
    from {{ source("raw_cloudbeds", "nights") }}
),

sold as (
    select
        nights.room_type_id,
        nights.night_date as stay_date,
        count(*) as row_count,
        sum(
            case
                when
                    reservations.state = 'won'
                    and reservations.reason is null
                    and nights.changed_at = nights.newest_at
                    and coalesce(nights.room_status, '') != 'cancelled'
                    then 1
                else 0
            end
        ) as room_count,
        nights._day,
        nights._load_id
    from nights
    left join reservations on nights.reservation_id = reservations.reservation_id
    group by nights.room_type_id, nights.night_date, nights._day, nights._load_id
),

blocked as (
    select
        room_type_id,
        block_date as stay_date,
        count(*) as row_count,
        count(distinct room_id) as room_count,
        _day,
        _load_id
    from blocks
    group by room_type_id, block_date, _day, _load_id
),

days as (
    select stay_date from sold
    union
    select stay_date from blocked
    union
    select max(_day) as stay_date from rooms
),

newest as (
    select max(_day) as stay_date from rooms
),

known as (
    select
        room_type_id,
        max(room_type_name) as room_type_name,
        count(*) as row_count,
        sum(case when coalesce(is_virtual, false) then 0 else 1 end) as room_count,
        max(_day) as _day,
        max(_load_id) as _load_id
    from rooms
    group by room_type_id
),

unioned as (
    select
        'nights' as stream,
        room_type_id,
        cast(null as {{ dbt.type_string() }}) as room_type_name,
        stay_date,
        0 as room_count,
        room_count as sold_room_count,
        0 as blocked_room_count,
        row_count,
        _day,
        _load_id
    from sold
    union all
    select
        'room_blocks' as stream,
        room_type_id,
        cast(null as {{ dbt.type_string() }}) as room_type_name,
        stay_date,
        0 as room_count,
        0 as sold_room_count,
        room_count as blocked_room_count,
        row_count,
        _day,
        _load_id
    from blocked
    union all
    select
        'rooms' as stream,
        known.room_type_id,
        known.room_type_name,
        days.stay_date,
        known.room_count,
        0 as sold_room_count,
        0 as blocked_room_count,
        case when days.stay_date = newest.stay_date then known.row_count else 0 end as row_count,
        known._day,
        known._load_id
    from known
    cross join days
    cross join newest
    where days.stay_date is not null
),

final as (
    select
        'cloudbeds' as source,
        unioned.stream,
        properties.property_id as account_id,
        unioned.room_type_id,
        unioned.room_type_name,
        unioned.stay_date,
        cast(unioned.room_count as bigint) as room_count,
        cast(unioned.sold_room_count as bigint) as sold_room_count,
        cast(unioned.blocked_room_count as bigint) as blocked_room_count,
        cast(unioned.row_count as bigint) as _rows,
        unioned._day,
        unioned._load_id
    from unioned
    cross join properties
)

select * from final
