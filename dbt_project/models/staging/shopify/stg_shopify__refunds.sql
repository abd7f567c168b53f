with source as (
    select * from {{ source("raw_shopify", "refunds") }}
),

final as (
    select
        refund_id,
        order_id,
        -- The vendor leaves createdAt open; processedAt is always there.
        coalesce(created_at, processed_at) as refunded_at,
        cast(amount as decimal(18, 6)) as amount_local,
        currency_code,
        _load_id
    from source
)

select * from final
