with source as (
    select * from {{ source("raw_shopify", "orders") }}
),

renamed as (
    select
        order_id,
        order_name,
        processed_at as ordered_at,
        updated_at,
        cancelled_at,
        is_test,
        lower(financial_status) as financial_status,
        currency_code,
        subtotal_amount
        + tip_amount
        + coalesce(fees_amount, 0)
        + case when taxes_included then 0 else coalesce(tax_amount, 0) end
        + case
            when duties_included then 0 else coalesce(duties_amount, 0)
        end as goods_amount_local,
        coalesce(discount_amount, 0) as discount_amount_local,
        coalesce(tax_amount, 0) as tax_amount_local,
        total_amount as total_amount_local,
        refunded_amount as refunded_amount_local,
        customer_id,
        email_hmac,
        last_landing_page as landing_page,
        last_referrer as referrer,
        gclid,
        fbclid,
        utm_source,
        utm_medium,
        utm_campaign,
        is_journey_ready,
        product_type,
        _load_id
    from source
),

final as (
    select
        order_id,
        order_name,
        ordered_at,
        updated_at,
        cancelled_at,
        is_test,
        financial_status,
        currency_code,
        cast(
            goods_amount_local + discount_amount_local as decimal(18, 6)
        ) as subtotal_amount_local,
        cast(discount_amount_local as decimal(18, 6)) as discount_amount_local,
        -- What the total leaves: Shopify's own shipping total stands before
        -- free-shipping codes, its discount total holds them.
        cast(
            total_amount_local - goods_amount_local as decimal(18, 6)
        ) as shipping_amount_local,
        cast(tax_amount_local as decimal(18, 6)) as tax_amount_local,
        cast(total_amount_local as decimal(18, 6)) as total_amount_local,
        cast(refunded_amount_local as decimal(18, 6)) as refunded_amount_local,
        customer_id,
        email_hmac,
        landing_page,
        referrer,
        gclid,
        fbclid,
        utm_source,
        utm_medium,
        utm_campaign,
        is_journey_ready,
        product_type,
        _load_id
    from renamed
)

select * from final
