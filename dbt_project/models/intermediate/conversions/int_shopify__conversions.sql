with orders as (
    select
        order_id,
        order_name,
        ordered_at,
        cancelled_at,
        currency_code,
        subtotal_amount_local
        - discount_amount_local
        + shipping_amount_local as expected_amount_local,
        landing_page,
        referrer,
        gclid,
        fbclid,
        utm_source,
        utm_medium,
        utm_campaign,
        _load_id
    from {{ ref("stg_shopify__orders") }}
    where not is_test
),

goals as (
    select min(goal) as goal
    from {{ source("company", "goal_mappings") }}
    where source = 'shopify' and selector = 'order'
),

final as (
    select
        'shopify:' || orders.order_id as conversion_id,
        'shopify' as source,
        'order' as record_type,
        'shopify:' || orders.order_id as journey_id,
        goals.goal,
        case when orders.cancelled_at is null then 'won' else 'cancelled' end as status,
        orders.ordered_at as conversion_at,
        orders.ordered_at as journey_end_at,
        ltrim(orders.order_name, '#') as transaction_id,
        orders.order_id as other_transaction_id,
        orders.expected_amount_local,
        orders.currency_code,
        coalesce(orders.gclid, orders.fbclid) as click_id,
        case
            when orders.gclid is not null then 'gclid'
            when orders.fbclid is not null then 'fbclid'
        end as click_id_kind,
        orders.utm_source,
        orders.utm_medium,
        orders.utm_campaign,
        orders.referrer,
        orders.landing_page,
        cast(null as varchar) as platform,
        cast(null as varchar) as campaign_id,
        orders._load_id
    from orders
    cross join goals
)

select * from final
