-- Orders, bookings, deals and leads that arrived in the mart, looked for there by their key. What a
-- source says of days after the last one of the mart waits for its day and is as good as used.
with records as (
    select * from {{ ref("int_conversions__recorded") }}
),

arrived as (
    select conversion_id
    from {{ ref("fct_conversions") }}
    where record_type != 'visit'
),

set_aside as (
    select
        source,
        stream,
        record_id,
        sum(amount_local) as amount_local,
        sum(set_aside_rows) as set_aside_rows
    from {{ ref("int_ledger_entries__set_aside") }}
    group by source, stream, record_id
),

final as (
    select
        records.source,
        records.stream,
        records._day as day,
        records._rows - coalesce(set_aside.set_aside_rows, 0) as row_count,
        case
            when records._rows > 0
                then records.record_amount_local - coalesce(set_aside.amount_local, 0)
        end as money
    from records
    left join arrived on records.conversion_id = arrived.conversion_id
    left join set_aside
        on
            records.source = set_aside.source
            and records.stream = set_aside.stream
            and records.record_id = set_aside.record_id
    where
        arrived.conversion_id is not null
        or not (records.is_due or records.is_beyond)
)

select * from final
