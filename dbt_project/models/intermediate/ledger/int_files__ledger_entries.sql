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

-- Two shops may number their orders alike: a refund takes from the order of its own feed, else
-- from the first feed that has it. One no feed has stays in the ledger; the balance names it.
refunds_of_orders as (
    select
        refunds.*,
        coalesce(orders.feed, refunds.feed) as order_feed
    from refunds
    left join orders on refunds.order_id = orders.order_id
    qualify
        row_number() over (
            partition by refunds.feed, refunds.refund_id
            order by case when refunds.feed = orders.feed then 0 else 1 end, orders.feed
        ) = 1
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
    select
        'refund' as entry_type,
        feed || ':' || refund_id as record_id,
        'files:' || order_feed || ':' || order_id as conversion_id,
        null as entry_at,
        refunded_date as entry_day,
        -amount_local as amount_local,
        currency_code
    from refunds_of_orders
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
