{{ config(materialized="table") }}

-- Payments and refunds with what is known of their order: `order_id` is null where none of it was
-- landed, `reason` says why one moved no money of the shop. The money of an order that landing set
-- aside is set aside with it.
with source as (
    select * from {{ source("raw_shopify", "transactions") }}
),

orders as (
    select
        order_id,
        ordered_at,
        created_at,
        cancelled_at,
        email_hmac,
        received_amount_local > refunded_amount_local as has_kept_money,
        -- "1014A" is what an app calls its copy of "1014"
        case
            when lower(right(order_name, 1)) between 'a' and 'z'
                then left(order_name, length(order_name) - 1)
            else order_name
        end as base_name,
        reason
    from {{ ref("stg_shopify__sales") }}
),

unread_orders as (
    select order_id from {{ ref("stg_shopify__unread_orders") }}
),

measured as (
    select
        *,
        sum(case when kind in ('SALE', 'CAPTURE') and status = 'SUCCESS' then amount else 0 end)
            over (partition by order_id) as paid_amount
    from source
),

-- Apps that edit orders cancel the old one, keep its money, and make a new one that states the old
-- one's payments as its own: a carbon copy, paid once.
copies as (
    select distinct measured.transaction_id
    from measured
    inner join orders on measured.order_id = orders.order_id
    inner join orders as originals
        on
            orders.base_name = originals.base_name
            and orders.email_hmac is not distinct from originals.email_hmac
            and orders.created_at > originals.created_at
            and originals.cancelled_at is not null
            and originals.has_kept_money
    inner join measured as paid
        on
            originals.order_id = paid.order_id
            and measured.amount = paid.amount
            and measured.currency_code = paid.currency_code
            and paid.kind in ('SALE', 'CAPTURE')
            and paid.status = 'SUCCESS'
    where measured.kind in ('SALE', 'CAPTURE') and measured.status = 'SUCCESS'
),

final as (
    select
        measured.transaction_id,
        orders.order_id,
        measured.order_id as named_order_id,
        case
            when measured.kind in ('SALE', 'CAPTURE') then 'payment'
            -- a void lands where it takes back a payment
            when measured.kind in ('REFUND', 'VOID') then 'refund'
            when measured.kind = 'CHANGE' then 'change'
        end as movement,
        coalesce(
            lower(measured.gateway) = 'gift_card' or lower(measured.gateway) like '%store_credit%',
            false
        ) as is_credit,
        -- A payment recorded with an order that is imported bears the day of the import, unless the
        -- import says better.
        case
            when
                {{ seconds_between("orders.ordered_at", "orders.created_at") }} > 3600
                and {{ seconds_between("orders.created_at", "measured.created_at") }} < 3600
                and measured.processed_at >= orders.created_at
                then orders.ordered_at
            else measured.processed_at
        end as moved_at,
        cast(measured.amount as decimal(18, 6)) as amount_local,
        measured.currency_code,
        measured.status = 'SUCCESS' as has_succeeded,
        case
            when orders.reason = 'deleted in the shop' then 'deleted'
            when
                orders.reason is not null
                or unread_orders.order_id is not null
                or measured.is_test
                then 'excluded'
            when measured.kind not in ('SALE', 'CAPTURE', 'REFUND', 'VOID', 'CHANGE') then 'unknown'
            when measured.status = 'UNKNOWN' then 'unknown'
            when
                measured.status not in (
                    'SUCCESS', 'FAILURE', 'ERROR', 'PENDING', 'AWAITING_RESPONSE'
                )
                then 'unknown'
            else 'excluded'
        end as kind,
        case
            when orders.reason is not null then 'money of an order that is ' || orders.reason
            when unread_orders.order_id is not null then 'money of an order that is set aside'
            when measured.is_test then 'a test payment'
            when measured.kind not in ('SALE', 'CAPTURE', 'REFUND', 'VOID', 'CHANGE')
                then 'a kind of movement nobody knows'
            when measured.status in ('FAILURE', 'ERROR') and measured.kind = 'REFUND'
                then 'a refund that failed'
            when measured.status in ('FAILURE', 'ERROR') then 'a payment that failed'
            when measured.status in ('PENDING', 'AWAITING_RESPONSE') and measured.kind = 'REFUND'
                then 'a refund that is not through'
            when measured.status in ('PENDING', 'AWAITING_RESPONSE')
                then 'a payment that is not through'
            when measured.status != 'SUCCESS' then 'nobody knows whether it moved'
            when
                measured.kind = 'CHANGE'
                and measured.order_received_amount >= measured.paid_amount
                then 'change that is not in the payment either'
            when copies.transaction_id is not null
                then 'a copy of a payment of the order that this one was made of'
        end as reason,
        measured._day,
        measured._load_id
    from measured
    left join orders on measured.order_id = orders.order_id
    left join unread_orders on measured.order_id = unread_orders.order_id
    left join copies on measured.transaction_id = copies.transaction_id
)

select * from final
