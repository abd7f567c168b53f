-- Every stage a deal has entered, with what it was worth at that moment. A deal merged into another
-- has its history there.
with source as (
    select * from {{ source("raw_hubspot", "deal_stages") }}
),

merged_deals as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'deal'
),

final as (
    select
        'hubspot' as source,
        'deal_stages' as stream,
        deal_id as deal_record_id,
        stage,
        entered_at,
        cast(amount as decimal(18, 6)) as amount_local,
        -- What a stage means is the company's to say
        cast(null as {{ dbt.type_string() }}) as outcome,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
    where deal_id not in (select merged_id from merged_deals)
)

select * from final
