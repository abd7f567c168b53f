with source as (
    select * from {{ source("raw_shopify", "shop__loads") }}
),

final as (
    select
        myshopify_domain as account_id,
        shop_id,
        currency_code,
        time_zone,
        _load_id,
        _committed_at as committed_at
    from source
)

select * from final
