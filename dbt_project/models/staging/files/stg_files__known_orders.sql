-- Orders with what keeps them from being used, where something does: an order that a newer load has
-- on another day is that one.
with source as (
    select * from {{ source("raw_files", "orders") }}
),

final as (
    select
        *,
        coalesce(lower(status), 'won') as state,
        case
            when not {{ is_newest(["feed", "order_id"]) }}
                then 'stands on another day in a newer load'
            when coalesce(lower(status), 'won') not in ('won', 'pending', 'void', 'cancelled')
                then 'its status is none of won, pending, void, cancelled'
        end as reason
    from source
)

select * from final
