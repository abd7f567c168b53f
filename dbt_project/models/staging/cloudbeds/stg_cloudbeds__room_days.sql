-- Rooms that are made of others are listed, and blocked with them, and are none of their own. How
-- many rooms there are is known of each property's newest listing: it is taken for every night from
-- the history's first to the last that is booked or blocked, whether or not anybody stays. A night
-- that is booked for a year nobody plans for yet stands alone.
{% set days_ahead = 730 -%}
with settings as (
    select history_start from {{ source("company", "settings") }}
),

rooms as (
    select * from {{ source("raw_cloudbeds", "rooms") }}
),

blocks as (
    select * from {{ source("raw_cloudbeds", "room_blocks") }}
),

sold as (
    select * from {{ ref("stg_cloudbeds__sold_nights") }}
),

blocked as (
    select
        blocks.property_id,
        coalesce(blocks.room_type_id, rooms.room_type_id) as room_type_id,
        blocks.block_date as stay_date,
        count(*) as row_count,
        count(distinct case when rooms.is_virtual is not true then blocks.room_id end)
            as room_count,
        blocks._day,
        blocks._load_id
    from blocks
    left join rooms on blocks.property_id = rooms.property_id and blocks.room_id = rooms.room_id
    group by
        blocks.property_id,
        coalesce(blocks.room_type_id, rooms.room_type_id),
        blocks.block_date,
        blocks._day,
        blocks._load_id
),

newest as (
    select
        property_id,
        max(_day) as stay_date
    from rooms
    group by property_id
),

named_days as (
    select
        property_id,
        stay_date
    from sold
    union
    select
        property_id,
        stay_date
    from blocked
    union
    select
        property_id,
        stay_date
    from newest
),

bounds as (
    select
        named_days.property_id,
        least(max(named_days.stay_date), {{ add_days("max(newest.stay_date)", days_ahead) }})
            as last_date
    from named_days
    inner join newest on named_days.property_id = newest.property_id
    group by named_days.property_id
),

farthest as (
    select max(last_date) as last_date from bounds
),

days as (
    select
        property_id,
        stay_date
    from named_days
    union
    select
        bounds.property_id,
        spine.day as stay_date
    from
        {{ date_series(
            "(select history_start from settings)", "(select last_date from farthest)"
        ) }} as spine
    inner join bounds on spine.day <= bounds.last_date
),

known as (
    select
        property_id,
        room_type_id,
        max(room_type_name) as room_type_name,
        count(*) as row_count,
        sum(case when coalesce(is_virtual, false) then 0 else 1 end) as room_count,
        max(_day) as _day,
        max(_load_id) as _load_id
    from rooms
    group by property_id, room_type_id
),

unioned as (
    select
        'nights' as stream,
        property_id,
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
        property_id,
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
        known.property_id,
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
    inner join days on known.property_id = days.property_id
    inner join newest on known.property_id = newest.property_id
),

final as (
    select
        'cloudbeds' as source,
        stream,
        property_id as account_id,
        room_type_id,
        room_type_name,
        stay_date,
        cast(room_count as bigint) as room_count,
        cast(sold_room_count as bigint) as sold_room_count,
        cast(blocked_room_count as bigint) as blocked_room_count,
        cast(row_count as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
