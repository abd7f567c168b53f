-- Orders or payments. `amount_local` is what the customer was charged: after the discount, with
-- shipping. A date without a time is a day of the reporting zone.
with source as (
    select * from {{ source("raw_files", "orders") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

selectors as (
    select
        feed,
        selector
    from {{ ref("stg_files__selectors") }}
    where stream = 'orders'
),

leads as (
    select
        feed,
        lead_id,
        created_date
    from {{ source("raw_files", "leads") }}
),

-- Two systems may number their leads alike: the feed's own lead comes first.
leads_of_orders as (
    select
        source.feed,
        source.order_id,
        'lead:' || leads.feed || ':' || leads.lead_id as lead_record_id
    from source
    inner join leads on source.lead_id = leads.lead_id
    qualify
        row_number() over (
            partition by source.feed, source.order_id
            order by
                case when source.feed = leads.feed then 0 else 1 end,
                leads.created_date,
                leads.feed
        ) = 1
),

final as (
    select
        'files' as source,
        'orders' as stream,
        source.feed as account_id,
        source.feed || ':' || source.order_id as record_id,
        source.order_id as transaction_id,
        cast(null as {{ dbt.type_string() }}) as other_transaction_id,
        coalesce(
            source.ordered_at, {{ day_start("source.ordered_date", "settings.reporting_zone") }}
        ) as ordered_at,
        source.ordered_at is not null as is_time_known,
        coalesce(lower(source.status), 'won') as status,
        true as is_web,
        cast(source.amount_local as decimal(18, 6)) as expected_amount_local,
        cast(source.shipping_amount_local as decimal(18, 6)) as shipping_amount_local,
        source.currency_code,
        selectors.selector,
        source.goal,
        source.person_id_hmac as customer_key,
        leads_of_orders.lead_record_id,
        source.click_id,
        source.click_id_kind,
        lower(source.utm_source) as utm_source,
        lower(source.utm_medium) as utm_medium,
        source.utm_campaign,
        source.referrer,
        source.landing_page,
        source.platform,
        source.account_id as ad_account_id,
        source.campaign_id,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
    left join selectors on source.feed = selectors.feed
    left join leads_of_orders
        on source.feed = leads_of_orders.feed and source.order_id = leads_of_orders.order_id
)

select * from final
