{{ config(materialized="table") }}

-- Orders with the parts of their total, as of the order, before refunds: total = goods - discount +
-- shipping, where goods are before discounts and hold tax, tips, duties and fees, and shipping is
-- what was charged. Those that are none, test orders and deleted ones, say so in `reason`.
with source as (
    select * from {{ source("raw_shopify", "orders") }}
),

deleted as (
    select order_id from {{ ref("stg_shopify__deleted_orders") }}
),

-- Payments were tried, and none came through.
failed as (
    select order_id
    from {{ source("raw_shopify", "transactions") }}
    where kind in ('SALE', 'CAPTURE')
    group by order_id
    having count(case when status = 'SUCCESS' then 1 end) = 0
),

measured as (
    select
        source.*,
        failed.order_id is not null
        and total_amount > 0
        and coalesce(received_amount, 0) = 0 as has_failed,
        coalesce(
            subtotal_amount
            + tip_amount
            + coalesce(fees_amount, 0)
            + case when taxes_included then 0 else coalesce(tax_amount, 0) end
            + case when duties_included then 0 else coalesce(duties_amount, 0) end,
            total_amount - shipping_amount
        ) as charged_for_goods,
        coalesce(current_total_amount, total_amount)
        - coalesce(received_amount, 0)
        + refunded_amount as due_amount,
        -- Nothing of it is left, and nobody ever paid for it: to the shop it is paid all the same.
        total_amount > 0
        and coalesce(current_total_amount, total_amount) + refunded_amount = 0
        and coalesce(received_amount, 0) = 0 as was_edited_away,
        lower(source_name) as source_key,
        coalesce(
            bool_or(has_visit) over (partition by lower(source_name)), false
        ) as is_visited_source
    from source
    left join failed on source.order_id = failed.order_id
),

-- A status nobody knows says nothing: then what came in decides. One that was paid in full was won,
-- whatever was added to it since and is still to be paid.
judged as (
    select
        *,
        case
            when cancelled_at is not null then 'cancelled'
            when was_edited_away then 'void'
            -- whatever the shop calls it
            when has_failed and financial_status not in ('VOIDED', 'EXPIRED') then 'pending'
            when financial_status in ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') then 'won'
            when financial_status = 'PARTIALLY_PAID' and received_amount >= original_total_amount
                then 'won'
            when financial_status in ('PENDING', 'AUTHORIZED', 'PARTIALLY_PAID') then 'pending'
            when financial_status in ('VOIDED', 'EXPIRED') then 'void'
            when received_amount > 0 then 'won'
            else 'pending'
        end as status
    from measured
),

final as (
    select
        judged.order_id,
        judged.order_name,
        -- As of an order: what is imported was created at the import, but processed when it was
        judged.processed_at as ordered_at,
        judged.created_at,
        judged.cancelled_at,
        judged.is_test,
        case
            when judged.is_test then 'a test order'
            when deleted.order_id is not null then 'deleted in the shop'
        end as reason,
        judged.status,
        judged.financial_status,
        judged.was_edited_away,
        judged.has_failed,
        judged.disputes,
        -- An order made at a till, by staff, or by a subscription's calendar has no visit behind
        -- it. Apps go by numbers: one whose orders never come of a visit, such as a
        -- marketplace's, is none of the shop's own pages.
        case
            when judged.has_visit then true
            when judged.source_key is null or judged.source_key in ('web', '580111') then true
            when
                judged.source_key in ('pos', 'shopify_draft_order', 'iphone', 'android')
                or judged.source_key like 'subscription%'
                then false
            else judged.is_visited_source
        end as is_web,
        judged.currency_code,
        cast(judged.charged_for_goods + coalesce(judged.discount_amount, 0) as decimal(18, 6))
            as goods_amount_local,
        cast(coalesce(judged.discount_amount, 0) as decimal(18, 6)) as discount_amount_local,
        -- What the total leaves: Shopify's own shipping total stands before free-shipping codes,
        -- its discount total holds them. An edited total leaves nothing, or too much.
        cast(
            greatest(
                least(judged.total_amount - judged.charged_for_goods, judged.shipping_amount), 0
            ) as decimal(18, 6)
        ) as shipping_amount_local,
        cast(judged.total_amount as decimal(18, 6)) as total_amount_local,
        cast(
            case
                when
                    judged.status in ('pending', 'void')
                    or (judged.status = 'won' and judged.financial_status = 'PARTIALLY_PAID')
                    then greatest(judged.due_amount, 0)
                else 0
            end as decimal(18, 6)
        ) as unpaid_amount_local,
        cast(coalesce(judged.received_amount, 0) as decimal(18, 6)) as received_amount_local,
        cast(judged.refunded_amount as decimal(18, 6)) as refunded_amount_local,
        cast(coalesce(judged.gift_card_amount, 0) as decimal(18, 6)) as gift_card_amount_local,
        cast(
            coalesce(judged.gift_card_amount - judged.gift_card_current_amount, 0)
            as decimal(18, 6)
        ) as gift_card_removed_amount_local,
        judged.email_hmac,
        judged.last_landing_page as landing_page,
        judged.last_referrer as referrer,
        judged.gclid,
        judged.fbclid,
        judged.utm_source,
        judged.utm_medium,
        judged.utm_campaign,
        judged._day,
        judged._load_id
    from judged
    left join deleted on judged.order_id = deleted.order_id
)

select * from final
