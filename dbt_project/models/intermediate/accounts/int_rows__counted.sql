-- What became of rows, one line for each fact that says so: how many rows of a stream and day were
-- offered, landed, superseded, set aside, lost, used, waiting or outside, and what they weighed.
with landed_days as (
    select
        landed_days.*,
        -- A version of something that changes gives way one by one, not with its load.
        streams.kind = 'changes' as is_by_version
    from {{ source("trueup", "landed_days") }} as landed_days
    left join {{ source("trueup", "streams") }} as streams
        on landed_days.source = streams.source and landed_days.stream = streams.stream
),

-- Rows outside a load's window are no part of what it was offered of its days: they are counted
-- apart.
set_aside as (
    select * from {{ ref("fct_set_aside") }}
    where kind is distinct from 'outside' or set_by = 'build'
),

used as (
    select
        source,
        stream,
        day,
        used_rows,
        used_money
    from {{ ref("int_conversions__row_uses") }}
    union all
    select
        source,
        stream,
        day,
        used_rows,
        used_money
    from {{ ref("int_ads__row_uses") }}
),

final as (
    select
        source,
        stream,
        day,
        'offered' as part,
        offered as row_count,
        offered_money as money
    from landed_days
    union all
    select
        source,
        stream,
        day,
        'landed' as part,
        landed as row_count,
        landed_money as money
    from landed_days
    union all
    select
        source,
        stream,
        day,
        'superseded' as part,
        set_aside + case when is_by_version then 0 else landed end as row_count,
        case when is_by_version then set_aside_money else offered_money end as money
    from landed_days
    where not is_current
    union all
    select
        source,
        stream,
        day,
        'superseded' as part,
        row_count,
        money
    from {{ source("trueup", "superseded_days") }}
    union all
    select
        source,
        stream,
        day,
        'set_aside' as part,
        row_count,
        amount_local as money
    from set_aside
    union all
    select
        source,
        stream,
        day,
        'lost' as part,
        row_count,
        amount_local as money
    from set_aside
    where is_lost
    union all
    select
        source,
        stream,
        day,
        'used' as part,
        used_rows as row_count,
        used_money as money
    from used
    union all
    select
        source,
        stream,
        day,
        'waiting' as part,
        row_count,
        money
    from {{ ref("int_rows__waiting") }}
    union all
    select
        source,
        stream,
        cast(null as date) as day,
        'outside' as part,
        row_count,
        amount_local as money
    from {{ source("trueup", "outside_rows") }}
)

select * from final
