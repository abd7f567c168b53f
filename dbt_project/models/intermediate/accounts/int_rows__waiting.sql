-- Rows of days after the mart's last one. They count as used, and stand in no mart before their day
-- has come.
with records as (
    select * from {{ ref("int_conversions__recorded") }}
    where not is_due and not is_beyond
),

entries as (
    select * from {{ ref("int_ledger_entries__recorded") }}
    where not is_due and not is_beyond and _rows > 0
),

stages as (
    select
        *,
        source || ':' || deal_record_id as conversion_id
    from {{ ref("shape_deal_stages") }}
    where _rows > 0
),

final as (
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        case when _rows > 0 then record_amount_local end as money
    from records
    union all
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        abs(amount_local) as money
    from entries
    union all
    select
        stages.source,
        stages.stream,
        stages._day as day,
        stages._rows as row_count,
        stages.amount_local as money
    from stages
    where stages.conversion_id in (select records.conversion_id from records)
)

select * from final
