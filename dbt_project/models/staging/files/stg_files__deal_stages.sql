-- A deal from a file has one stage: what its list calls it, since its day.
with newest as (
    select * from {{ source("raw_files", "deals") }}
    qualify {{ is_newest(["feed", "deal_id"]) }}
),

words as (
    select
        said,
        meaning
    from {{ ref("stg_files__words") }}
    where used_for = 'deal_status'
),

source as (
    select
        newest.feed,
        newest.deal_id,
        words.meaning as status
    from newest
    left join words on coalesce(newest.status, '') = words.said
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
