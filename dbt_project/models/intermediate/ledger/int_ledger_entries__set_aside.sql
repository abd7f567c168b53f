-- Money that is not used, and why. A movement that is a row of its own (a refund) stands here
-- alone; the money of a record stands here with the record, which has converted, but without its
-- worth.
with records as (
    select * from {{ ref("int_conversions__recorded") }}
),

entries as (
    select * from {{ ref("int_ledger_entries__recorded") }}
),

due as (
    select * from entries
    where is_due and counts_as_revenue
),

unconverted_entries as (
    select
        source,
        stream,
        _day as day,
        entry_id as record_id,
        reason,
        'no rate' as kind,
        currency_code,
        amount_local,
        _load_id,
        _rows as set_aside_rows
    from due
    where reason is not null and (_rows > 0 or conversion_id is null)
),

unconverted_records as (
    select
        records.source,
        records.stream,
        records._day as day,
        records.record_id,
        max(due.reason) as reason,
        'no rate' as kind,
        max(case when due.reason is not null then due.currency_code end)
            as currency_code,
        sum(case when due.reason is not null then due.amount_local else 0 end)
            as amount_local,
        records._load_id,
        case when count(*) = count(due.reason) then max(records._rows) else 0 end
            as set_aside_rows
    from records
    inner join due on records.conversion_id = due.conversion_id
    where due._rows = 0
    group by
        records.source, records.stream, records._day, records.record_id, records._load_id
    having count(due.reason) > 0
),

beyond as (
    select
        source,
        stream,
        _day as day,
        entry_id as record_id,
        'dated after the day it was landed' as reason,
        'outside' as kind,
        currency_code,
        amount_local,
        _load_id,
        _rows as set_aside_rows
    from entries
    where is_beyond and _rows > 0
),

final as (
    select * from unconverted_entries
    union all
    select * from unconverted_records
    union all
    select * from beyond
)

select * from final
