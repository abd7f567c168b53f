-- The rows of a night add up: those of what there is, of what is booked and of what is blocked.
with room_days as (
    select * from {{ ref("shape_room_days") }}
),

final as (
    select
        source,
        account_id,
        room_type_id,
        max(room_type_name) as room_type_name,
        stay_date,
        cast(sum(room_count) as bigint) as room_count,
        cast(sum(sold_room_count) as bigint) as sold_room_count,
        cast(sum(blocked_room_count) as bigint) as blocked_room_count,
        cast(sum(room_count - sold_room_count - blocked_room_count) as bigint)
            as free_room_count
    from room_days
    group by source, account_id, room_type_id, stay_date
)

select * from final
