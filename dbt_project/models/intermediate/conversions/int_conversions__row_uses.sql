{{ config(materialized="table") }}

-- How many rows of each stream and day arrived, counted where they arrived.
with unioned as (
    select * from {{ ref("int_conversions__used") }}
    union all
    select * from {{ ref("int_ledger_entries__used") }}
    union all
    select * from {{ ref("int_touches__used") }}
    union all
    select * from {{ ref("int_events__used") }}
    union all
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        null as money
    from {{ ref("int_clicks__identified") }}
    union all
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        null as money
    from {{ ref("shape_activities") }}
    union all
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        null as money
    from {{ ref("int_exchange_rates__published") }}
    union all
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        null as money
    from {{ ref("shape_record_days") }}
    union all
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        null as money
    from {{ ref("shape_room_days") }}
),

final as (
    select
        source,
        stream,
        day,
        cast(sum(row_count) as bigint) as used_rows,
        cast(sum(money) as decimal(38, 6)) as used_money
    from unioned
    group by source, stream, day
)

select * from final
