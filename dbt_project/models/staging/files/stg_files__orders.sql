with source as (
    select * from {{ source("raw_files", "orders") }}
),

final as (
    select
        feed,
        order_id,
        ordered_at,
        ordered_date,
        cast(amount_local as decimal(18, 6)) as amount_local,
        currency_code,
        goal,
        platform,
        campaign_id,
        lead_id,
        _day,
        _load_id
    from source
)

select * from final
