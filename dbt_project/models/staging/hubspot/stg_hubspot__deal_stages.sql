with source as (
    select * from {{ source("raw_hubspot", "deal_stages") }}
),

final as (
    select
        deal_id,
        stage,
        entered_at,
        cast(amount as decimal(18, 6)) as amount_local,
        _load_id
    from source
)

select * from final
