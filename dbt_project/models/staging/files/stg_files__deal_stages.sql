-- A deal from a file has one stage: what its list calls it, since its day.
with source as (
    select
        feed,
        deal_id,
        {{ deal_status("status") }} as status
    from {{ source("raw_files", "deals") }}
    qualify {{ is_newest(["feed", "deal_id"]) }}
),

deals as (
    select * from {{ ref("stg_files__deals") }}
),

final as (
    select
        deals.source,
        deals.stream,
        deals.record_id as deal_record_id,
        source.status as stage,
        deals.created_at as entered_at,
        deals.amount_local,
        deals.currency_code,
        source.status as outcome,
        cast(0 as bigint) as _rows,
        deals._day,
        deals._load_id
    from deals
    inner join source
        on deals.record_id = 'deal:' || source.feed || ':' || source.deal_id
)

select * from final
