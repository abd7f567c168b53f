-- Days of streams whose accounts do not close, and by how much.
with landed_days as (
    select
        landed_days.source,
        landed_days.stream,
        landed_days.day,
        sum(landed_days.landed) as landed_rows,
        sum(
            case when streams.kind != 'changes' and not landed_days.is_current then landed end
        ) as superseded_rows
    from {{ source("trueup", "landed_days") }} as landed_days
    inner join {{ source("trueup", "streams") }} as streams
        on landed_days.source = streams.source and landed_days.stream = streams.stream
    group by landed_days.source, landed_days.stream, landed_days.day
),

held as (
    select
        source,
        stream,
        day,
        row_count
    from {{ source("trueup", "raw_days") }}
    union all
    select
        source,
        stream,
        day,
        row_count
    from {{ source("trueup", "superseded_days") }}
    union all
    select
        source,
        stream,
        day,
        superseded_rows as row_count
    from landed_days
),

held_days as (
    select
        source,
        stream,
        day,
        sum(row_count) as held_rows
    from held
    group by source, stream, day
),

raw as (
    select
        coalesce(landed_days.source, held_days.source) as source,
        coalesce(landed_days.stream, held_days.stream) as stream,
        coalesce(landed_days.day, held_days.day) as day,
        'rows landed, in the raw table or superseded' as compared,
        coalesce(landed_days.landed_rows, 0) as expected_rows,
        coalesce(held_days.held_rows, 0) as found_rows
    from landed_days
    full outer join held_days
        on
            landed_days.source = held_days.source
            and landed_days.stream = held_days.stream
            and landed_days.day is not distinct from held_days.day
),

marts as (
    select
        source,
        stream,
        day,
        'rows offered, used, set aside or superseded' as compared,
        offered_rows as expected_rows,
        used_rows + set_aside_rows + superseded_rows as found_rows
    from {{ ref("fct_row_accounts") }}
),

unioned as (
    select * from raw
    union all
    select * from marts
),

final as (
    select
        unioned.source,
        unioned.stream,
        unioned.day,
        unioned.compared,
        cast(unioned.expected_rows as bigint) as expected_rows,
        cast(unioned.found_rows as bigint) as found_rows,
        coalesce(streams.is_witness, false) as is_witness
    from unioned
    left join {{ source("trueup", "streams") }} as streams
        on unioned.source = streams.source and unioned.stream = streams.stream
    where unioned.expected_rows != unioned.found_rows
)

select * from final
