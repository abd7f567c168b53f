-- What of an order's payments was for gift cards, and what of its refunds gave such money back.
-- Selling a card brings money and a debt of the same size; what is bought with it is the sale. A
-- card that left the order counts where it was paid for and given back, and not where nobody ever
-- paid for it.
with orders as (
    select * from {{ ref("stg_shopify__sales") }}
    where gift_card_amount_local > 0 and reason is null
),

movements as (
    select
        transaction_id,
        order_id,
        movement,
        moved_at,
        amount_local,
        currency_code,
        sum(amount_local) over (partition by order_id, movement) as moved_amount_local,
        sum(amount_local) over (
            partition by order_id, movement order by moved_at, transaction_id
            rows between unbounded preceding and current row
        ) as reached_amount_local,
        _day,
        _load_id
    from {{ ref("stg_shopify__payments") }}
    where reason is null and movement in ('payment', 'refund')
),

moved as (
    select
        order_id,
        max(case when movement = 'payment' then moved_amount_local else 0 end) as paid_amount_local,
        max(case when movement = 'refund' then moved_amount_local else 0 end)
            as refunded_amount_local
    from movements
    group by order_id
),

-- Of a card that is gone, what was paid beyond all else was paid for it, and given back.
returned as (
    select
        orders.order_id,
        orders.gift_card_amount_local - orders.gift_card_removed_amount_local as kept_amount_local,
        least(
            orders.gift_card_removed_amount_local,
            moved.refunded_amount_local,
            greatest(
                moved.paid_amount_local
                - (orders.total_amount_local - orders.gift_card_removed_amount_local),
                0
            )
        ) as amount_local
    from orders
    inner join moved on orders.order_id = moved.order_id
),

owed as (
    select
        order_id,
        kept_amount_local + amount_local as sold_amount_local,
        amount_local as returned_amount_local
    from returned
),

shared as (
    select
        movements.*,
        case movements.movement
            when 'payment' then owed.sold_amount_local else owed.returned_amount_local
        end as limit_amount_local
    from movements
    inner join owed on movements.order_id = owed.order_id
),

final as (
    select
        transaction_id,
        order_id,
        moved_at,
        case movement when 'payment' then -1 else 1 end
        * (
            least(reached_amount_local, limit_amount_local)
            - least(reached_amount_local - amount_local, limit_amount_local)
        ) as amount_local,
        currency_code,
        _day,
        _load_id
    from shared
)

select * from final
where amount_local != 0
