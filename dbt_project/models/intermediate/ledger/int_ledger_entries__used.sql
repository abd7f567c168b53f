-- Rows that are money themselves, such as refunds, looked for in the ledger by their key; and
-- stages of deals, looked for by their deal. Money of a goal that does not count as revenue is used
-- by leaving it out of the ledger: its conversion says so.
with entries as (
    select * from {{ ref("int_ledger_entries__recorded") }}
    where _rows > 0
),

arrived as (
    select entry_id from {{ ref("fct_ledger_entries") }}
),

conversions as (
    select conversion_id
    from {{ ref("fct_conversions") }}
    where record_type != 'visit'
),

waiting as (
    select conversion_id
    from {{ ref("int_conversions__recorded") }}
    where not is_due and not is_beyond
),

stages as (
    select
        source,
        stream,
        source || ':' || deal_record_id as conversion_id,
        amount_local,
        _rows,
        _day
    from {{ ref("shape_deal_stages") }}
    where _rows > 0
),

final as (
    select
        entries.source,
        entries.stream,
        entries._day as day,
        entries._rows as row_count,
        -- A refund is landed as what was given back, and taken away in the ledger.
        abs(entries.amount_local) as money
    from entries
    left join arrived on entries.entry_id = arrived.entry_id
    left join conversions on entries.conversion_id = conversions.conversion_id
    where
        arrived.entry_id is not null
        or (conversions.conversion_id is not null and not entries.counts_as_revenue)
        or not (entries.is_due or entries.is_beyond)
    union all
    select
        stages.source,
        stages.stream,
        stages._day as day,
        stages._rows as row_count,
        stages.amount_local as money
    from stages
    where
        stages.conversion_id in (select conversion_id from conversions)
        or stages.conversion_id in (select conversion_id from waiting)
)

select * from final
