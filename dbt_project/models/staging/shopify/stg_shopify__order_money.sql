-- Money that came in and went out, by the shop's payments and refunds that succeeded, each on its
-- own day: what an order is worth, was edited to or was promised moves nothing. A discount is
-- recorded with the first payment: it takes back what the sale is stated higher by.
with orders as (
    select * from {{ ref("stg_shopify__sales") }}
    where reason is null
),

payments as (
    select * from {{ ref("stg_shopify__payments") }}
    where reason is null
),

-- Orders that came with an import, or cost nothing, have no payments: the shop's word stands, but
-- for what was given back of them since. Of one whose payments all failed it does not.
recorded as (
    select
        named_order_id as order_id,
        bool_or(movement is distinct from 'refund') as is_paid,
        sum(case when movement = 'refund' then amount_local else 0 end) as refunded_amount_local
    from {{ ref("stg_shopify__payments") }}
    where has_succeeded
    group by named_order_id
),

unrecorded as (
    select
        orders.order_id,
        orders.ordered_at,
        case
            when orders.received_amount_local > 0 then orders.received_amount_local
            else orders.total_amount_local
        end as amount_local,
        orders.refunded_amount_local - coalesce(recorded.refunded_amount_local, 0)
            as refunded_amount_local,
        orders.currency_code,
        orders._day,
        orders._load_id
    from orders
    left join recorded on orders.order_id = recorded.order_id
    where
        not coalesce(recorded.is_paid, false)
        -- what costs nothing and was given back is a return without an order, which sold nothing
        and (recorded.order_id is null or orders.total_amount_local > 0)
        and not orders.was_edited_away
        and not orders.has_failed
        and (
            orders.received_amount_local > 0
            or orders.financial_status in ('PAID', 'PARTIALLY_REFUNDED')
        )
),

first_paid as (
    select
        order_id,
        min(moved_at) as moved_at
    from payments
    where movement = 'payment'
    group by order_id
    union all
    select
        order_id,
        ordered_at as moved_at
    from unrecorded
),

discounted as (
    select
        orders.order_id,
        first_paid.moved_at,
        orders.discount_amount_local,
        orders.currency_code,
        orders._day,
        orders._load_id
    from orders
    inner join first_paid on orders.order_id = first_paid.order_id
    where orders.discount_amount_local != 0
),

chargebacks as (
    select * from {{ ref("stg_shopify__chargebacks") }}
    where reason is null
),

unioned as (
    select
        'transactions' as stream,
        case
            when movement = 'payment' and is_credit then 'credit_spent'
            when movement = 'payment' then 'sale'
            when movement = 'change' then 'correction'
            when is_credit then 'credit_returned'
            else 'refund'
        end as entry_type,
        transaction_id as movement_id,
        order_id,
        moved_at,
        case movement when 'payment' then amount_local else -amount_local end as amount_local,
        currency_code,
        1 as _rows,
        _day,
        _load_id
    from payments
    union all
    select
        'transactions' as stream,
        'credit_sold' as entry_type,
        transaction_id as movement_id,
        order_id,
        moved_at,
        amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from {{ ref("stg_shopify__gift_cards_sold") }}
    union all
    select
        'orders' as stream,
        'sale' as entry_type,
        'unrecorded:' || order_id as movement_id,
        order_id,
        ordered_at as moved_at,
        amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from unrecorded
    union all
    select
        'orders' as stream,
        'refund' as entry_type,
        'unrecorded:' || order_id as movement_id,
        order_id,
        ordered_at as moved_at,
        -refunded_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from unrecorded
    where refunded_amount_local > 0
    union all
    select
        'orders' as stream,
        'sale' as entry_type,
        'discounted:' || order_id as movement_id,
        order_id,
        moved_at,
        discount_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from discounted
    union all
    select
        'orders' as stream,
        'discount' as entry_type,
        order_id as movement_id,
        order_id,
        moved_at,
        -discount_amount_local as amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from discounted
    union all
    select
        'disputes' as stream,
        'chargeback' as entry_type,
        dispute_id as movement_id,
        order_id,
        initiated_at as moved_at,
        -amount_local as amount_local,
        currency_code,
        1 as _rows,
        _day,
        _load_id
    from chargebacks
    union all
    select
        'disputes' as stream,
        'chargeback' as entry_type,
        'won:' || dispute_id as movement_id,
        order_id,
        won_at as moved_at,
        amount_local,
        currency_code,
        0 as _rows,
        _day,
        _load_id
    from chargebacks
    where won_at is not null
),

final as (
    select
        'shopify' as source,
        unioned.stream,
        {{ sole_account("shopify") }} as account_id,
        unioned.entry_type || ':' || unioned.movement_id as entry_id,
        'order' as record_type,
        unioned.order_id as record_id,
        unioned.entry_type,
        unioned.moved_at as entry_at,
        cast(unioned.amount_local as decimal(38, 6)) as amount_local,
        unioned.currency_code,
        cast(unioned._rows as bigint) as _rows,
        unioned._day,
        unioned._load_id
    from unioned
)

select * from final
