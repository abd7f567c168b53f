-- A deal from a file has one stage: won.
with source as (
    select * from {{ source("raw_files", "deals") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

final as (
    select
        'files' as source,
        'deals' as stream,
        'deal:' || source.feed || ':' || source.deal_id as deal_record_id,
        'won' as stage,
        coalesce(
            source.won_at, {{ day_start("source.won_date", "settings.reporting_zone") }}
        ) as entered_at,
        cast(source.amount_local as decimal(18, 6)) as amount_local,
        'won' as outcome,
        cast(0 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
)

select * from final
