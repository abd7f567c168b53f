-- What customers had their banks take back. An inquiry moves no money unless it becomes a
-- chargeback; one that was prevented, or ended in a refund, moves none of its own.
with source as (
    select * from {{ source("raw_shopify", "disputes") }}
),

orders as (
    select
        order_id,
        reason
    from {{ ref("stg_shopify__sales") }}
),

unread_orders as (
    select order_id from {{ ref("stg_shopify__unread_orders") }}
),

final as (
    select
        source.dispute_id,
        orders.order_id,
        source.order_id as named_order_id,
        source.initiated_at,
        case
            when source.status = 'WON' then coalesce(source.finalized_at, source.initiated_at)
        end as won_at,
        cast(source.amount as decimal(18, 6)) as amount_local,
        source.currency_code,
        case
            when orders.reason is not null
                then 'a chargeback of an order that is ' || orders.reason
            when unread_orders.order_id is not null
                then 'a chargeback of an order that is set aside'
            when source.type = 'INQUIRY' then 'an inquiry, not a chargeback'
            when source.status = 'PREVENTED' then 'a chargeback that was prevented'
            when source.status = 'CHARGE_REFUNDED' then 'a chargeback that became a refund'
        end as reason,
        source._day,
        source._load_id
    from source
    left join orders on source.order_id = orders.order_id
    left join unread_orders on source.order_id = unread_orders.order_id
)

select * from final
