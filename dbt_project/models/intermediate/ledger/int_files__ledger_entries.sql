with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

orders as (
    select
        feed,
        order_id,
        ordered_at,
        ordered_date,
        amount_local,
        currency_code
    from {{ ref("stg_files__orders") }}
),

refunds as (
    select
        feed,
        refund_id,
        order_id,
        refunded_date,
        amount_local,
        currency_code
    from {{ ref("stg_files__refunds") }}
),

deals as (
    select
        feed,
        deal_id,
        won_date,
        amount_local,
        currency_code
    from {{ ref("stg_files__deals") }}
),

order_feeds as (
    select
        order_id,
        min(feed) as feed
    from orders
    group by order_id
),

unioned as (
    select
        'sale' as entry_type,
        feed || ':' || order_id as record_id,
        'files:' || feed || ':' || order_id as conversion_id,
        ordered_at as entry_at,
        ordered_date as entry_day,
        amount_local,
        currency_code
    from orders
    union all
    -- A refund of an order no feed has stays in the ledger; the balance test then names it.
    select
        'refund' as entry_type,
        refunds.feed || ':' || refunds.refund_id as record_id,
        'files:' || coalesce(order_feeds.feed, refunds.feed) || ':' || refunds.order_id
            as conversion_id,
        null as entry_at,
        refunds.refunded_date as entry_day,
        -refunds.amount_local as amount_local,
        refunds.currency_code
    from refunds
    left join order_feeds on refunds.order_id = order_feeds.order_id
    union all
    select
        'sale' as entry_type,
        'deal:' || feed || ':' || deal_id as record_id,
        'files_deal:' || feed || ':' || deal_id as conversion_id,
        null as entry_at,
        won_date as entry_day,
        amount_local,
        currency_code
    from deals
    where amount_local is not null
),

final as (
    select
        'files:' || unioned.entry_type || ':' || unioned.record_id as entry_id,
        unioned.conversion_id,
        unioned.entry_type,
        coalesce(
            unioned.entry_at, {{ day_start("unioned.entry_day", "settings.reporting_zone") }}
        ) as entry_at,
        unioned.amount_local,
        unioned.currency_code
    from unioned
    cross join settings
)

select * from final
