with unused_orders as (
    select * from {{ ref("stg_shopify__sales") }}
    where reason is not null
),

unused_payments as (
    select * from {{ ref("stg_shopify__payments") }}
    where reason is not null
),

unused_chargebacks as (
    select * from {{ ref("stg_shopify__chargebacks") }}
    where reason is not null
),

-- An order says that money was taken back of it, and not how much. A chargeback takes it when it
-- begins.
unknown_chargebacks as (
    select orders.*
    from {{ ref("stg_shopify__sales") }} as orders
    left join {{ ref("stg_shopify__chargebacks") }} as chargebacks
        on orders.order_id = chargebacks.named_order_id
    where
        chargebacks.dispute_id is null
        and orders.reason is null
        and (
            orders.disputes like '%LOST%'
            or orders.disputes like '%ACCEPTED%'
            or orders.disputes like '%CHARGEBACK NEEDS_RESPONSE%'
            or orders.disputes like '%CHARGEBACK UNDER_REVIEW%'
        )
),

unioned as (
    select
        'orders' as stream,
        order_id as record_id,
        reason,
        case when is_test then 'excluded' else 'deleted' end as kind,
        currency_code,
        total_amount_local as amount_local,
        1 as _rows,
        _day,
        _load_id
    from unused_orders
    union all
    select
        'orders' as stream,
        'chargeback:' || order_id as record_id,
        'charged back, and nobody says how much' as reason,
        'no amount' as kind,
        currency_code,
        null as amount_local,
        0 as _rows,
        _day,
        _load_id
    from unknown_chargebacks
    union all
    select
        'transactions' as stream,
        coalesce(movement, 'movement') || ':' || transaction_id as record_id,
        reason,
        kind,
        currency_code,
        amount_local,
        1 as _rows,
        _day,
        _load_id
    from unused_payments
    union all
    select
        'disputes' as stream,
        'chargeback:' || dispute_id as record_id,
        reason,
        'excluded' as kind,
        currency_code,
        amount_local,
        1 as _rows,
        _day,
        _load_id
    from unused_chargebacks
),

final as (
    select
        'shopify' as source,
        stream,
        record_id,
        reason,
        kind,
        currency_code,
        cast(amount_local as decimal(18, 6)) as amount_local,
        cast(_rows as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
