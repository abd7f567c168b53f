-- Orders with the parts of their total, as of the order, before refunds: total = goods - discount +
-- shipping, where goods are before discounts and hold tax, tips, duties and fees, and shipping is
-- what was charged. Test orders are among them.
with source as (
    select * from {{ source("raw_shopify", "orders") }}
),

measured as (
    select
        *,
        subtotal_amount
        + tip_amount
        + coalesce(fees_amount, 0)
        + case when taxes_included then 0 else coalesce(tax_amount, 0) end
        + case
            when duties_included then 0 else coalesce(duties_amount, 0)
        end as charged_for_goods
    from source
),

final as (
    select
        order_id,
        order_name,
        -- As of an order: what is imported was created at the import, but processed when it was
        processed_at as ordered_at,
        cancelled_at,
        is_test,
        currency_code,
        cast(charged_for_goods + coalesce(discount_amount, 0) as decimal(18, 6))
            as goods_amount_local,
        cast(coalesce(discount_amount, 0) as decimal(18, 6)) as discount_amount_local,
        -- What the total leaves: Shopify's own shipping total stands before
        -- free-shipping codes, its discount total holds them.
        cast(total_amount - charged_for_goods as decimal(18, 6)) as shipping_amount_local,
        cast(total_amount as decimal(18, 6)) as total_amount_local,
        email_hmac,
        last_landing_page as landing_page,
        last_referrer as referrer,
        gclid,
        fbclid,
        utm_source,
        utm_medium,
        utm_campaign,
        _day,
        _load_id
    from measured
)

select * from final
