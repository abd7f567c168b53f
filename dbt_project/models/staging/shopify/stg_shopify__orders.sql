-- Landing page, click ids and links' words are those of the last visit before the order; null until
-- the journey is attributed, an hour or so after it.
with sales as (
    select * from {{ ref("stg_shopify__sales") }}
    where reason is null
),

final as (
    select
        'shopify' as source,
        'orders' as stream,
        {{ sole_account("shopify") }} as account_id,
        sales.order_id as record_id,
        -- What GA4 receives as transaction_id
        ltrim(sales.order_name, '#') as transaction_id,
        sales.order_id as other_transaction_id,
        sales.ordered_at,
        true as is_time_known,
        sales.status,
        sales.is_web,
        sales.total_amount_local as expected_amount_local,
        sales.shipping_amount_local,
        sales.unpaid_amount_local,
        sales.currency_code,
        'order' as selector,
        cast(null as {{ dbt.type_string() }}) as goal,
        sales.email_hmac as customer_key,
        cast(null as {{ dbt.type_string() }}) as lead_record_id,
        coalesce(sales.gclid, sales.fbclid) as click_id,
        case
            when sales.gclid is not null then 'gclid'
            when sales.fbclid is not null then 'fbclid'
        end as click_id_kind,
        lower(sales.utm_source) as utm_source,
        lower(sales.utm_medium) as utm_medium,
        sales.utm_campaign,
        sales.referrer,
        sales.landing_page,
        cast(null as {{ dbt.type_string() }}) as platform,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(1 as bigint) as _rows,
        sales._day,
        sales._load_id
    from sales
)

select * from final
