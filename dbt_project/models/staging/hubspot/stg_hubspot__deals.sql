with source as (
    select * from {{ source("raw_hubspot", "deals") }}
),

final as (
    select
        deal_id,
        contact_id,
        pipeline,
        stage,
        cast(amount as decimal(18, 6)) as amount_local,
        currency_code,
        created_at,
        modified_at,
        -- On an open deal HubSpot's close date is a plan
        case when is_closed then closed_at end as closed_at,
        is_archived,
        _load_id
    from source
)

select * from final
