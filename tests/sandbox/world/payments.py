"""How orders are paid: at once, later, in parts, with gift cards, never; and what is taken back.

An order has one life, drawn apart from everything else about it. What the shop's till records,
and what banks report, is here too. Amounts are whole cents.
"""

import duckdb

from sandbox.world.cuts import ORDER, ORDER_COLUMNS

#: Orders nobody placed on the web: made at the till of the house, paid there.
TILL = """
insert into orders_drawn by name
select 900000000 + day_number * 100 + n as number, null::bigint as visit_id,
    null::bigint as journey_id, null::bigint as person_id, ordered_at,
    reporting_date(ordered_at) as order_date, 'hamper' as product_type, 'PT' as country,
    7100000000000 + day_number * 100 + n as order_id,
    'HHT' || (day_number * 100 + n) as order_name,
    cents as subtotal_cents, 0 as discount_cents, 0 as shipping_cents, cents as total_cents,
    cents * 23 // 123 as tax_cents, 'EUR' as presentment_currency, '' as landing_page,
    '' as referrer, null::varchar as client_id, false as analytics_consent,
    false as is_other_device, false as is_test, false as wants_cancel, false as wants_refund
from (
    select *, day_number * 100 + n as id,
        5900 + 100 * draw_integer(day_number * 100 + n, 'till price', 0, 60) as cents,
        from_local('Europe/Lisbon', day::timestamp)
            + to_seconds(36000 + draw_integer(day_number * 100 + n, 'till hour', 0, 28800))
            as ordered_at
    from (
        select day, conversions, day - date '2020-01-01' as day_number, unnest([1, 2, 3]) as n
        from days where days.kind = 'shop' and day >= first_day() and day < end_day()
    )
    where draw(day_number * 100 + n, 'till') < till_share(day) * conversions / 3
);
"""

#: Orders by which somebody tries out the shop: nothing is bought, nothing is paid.
DRAFTS = """
insert into orders_drawn by name
select 950000000 + day_number * 100 + n as number, null::bigint as visit_id,
    null::bigint as journey_id, null::bigint as person_id,
    from_local('Europe/Lisbon', day::timestamp)
        + to_seconds(32400 + draw_integer(day_number * 100 + n, 'draft hour', 0, 28800))
        as ordered_at,
    day as order_date, 'hamper' as product_type, 'PT' as country,
    7200000000000 + day_number * 100 + n as order_id,
    'HHD' || (day_number * 100 + n) as order_name,
    0 as subtotal_cents, 0 as discount_cents, 0 as shipping_cents, 0 as total_cents,
    0 as tax_cents, 'EUR' as presentment_currency, '' as landing_page, '' as referrer,
    null::varchar as client_id, false as analytics_consent, false as is_other_device,
    false as is_test, false as wants_cancel, false as wants_refund
from (
    select day, conversions, day - date '2020-01-01' as day_number, unnest(range(1, 21)) as n
    from days where days.kind = 'shop' and day >= first_day() and day < end_day()
)
where draw(day_number * 100 + n, 'draft') < draft_share(day) * conversions / 20;
"""

LIVES = f"""
create table order_lives as
select number, order_id, ordered_at, total_cents, is_test, product_type, wants_cancel, cancelled_at,
    case
        when is_test then 'plain'
        when wants_cancel and draw(number, 'cancelled how')
            < voided_share(ordered_at, {ORDER_COLUMNS}) then 'voided'
        when wants_cancel and draw(number, 'cancelled how')
            < voided_share(ordered_at, {ORDER_COLUMNS})
            + fee_kept_share(ordered_at, {ORDER_COLUMNS}) then 'fee_kept'
        when wants_cancel then 'paid_back'
        when wants_refund or order_id > 7000000000000 then 'plain'
        when product_type = 'gift_voucher' then
            case when draw(number, 'card') < gift_card_share(ordered_at, {ORDER_COLUMNS})
                then 'gift_card' else 'plain' end
        else life_of(draw(number, 'became'), ordered_at, {ORDER_COLUMNS})
    end as life
from orders_drawn
left join cancellations using (order_id);

create table edits as
select order_id, later(ordered_at, 86400 * (0.3 + draw(number, 'edit day'))) as edited_at,
    case life when 'edited_down' then - (total_cents * 40 // 100) else 2000 end as cents
from order_lives
where life in ('edited_up', 'edited_down');
"""

TRANSACTIONS = """
create table transactions_drawn as
with paid_at as (
    select *,
        later(ordered_at, 86400 * (1.4 + 5 * draw(number, 'paid after'))) as late_at,
        later(ordered_at, 86400 * (2 + 8 * draw(number, 'card refund after'))) as back_at
    from order_lives
),
moved as (
    -- what waits is a payment that is pending until it comes
    select order_id, 'SALE' as kind, 'SUCCESS' as status, 'shopify_payments' as gateway,
        ordered_at as moved_at, total_cents as cents, 1 as part
    from paid_at
    where life in ('plain', 'gift_card', 'edited_up', 'failed_refund', 'charged_back', 'fee_kept',
        'paid_back', 'credit_back')
    union all
    select order_id, 'SALE', 'SUCCESS', 'manual', late_at,
        total_cents - case when life = 'edited_down' then total_cents * 40 // 100 else 0 end, 1
    from paid_at where life in ('paid_later', 'edited_down')
    union all
    select order_id, 'AUTHORIZATION', 'SUCCESS', 'shopify_payments', ordered_at, total_cents, 1
    from paid_at where life in ('voided', 'expired')
    union all
    select order_id, 'VOID', 'SUCCESS', 'shopify_payments', cancelled_at, total_cents, 2
    from paid_at where life = 'voided' and cancelled_at is not null
    union all
    select order_id, 'SALE', 'SUCCESS', 'gift_card', ordered_at, total_cents, 1
    from paid_at where life = 'card_spent'
    union all
    select order_id, 'SALE', 'SUCCESS', 'gift_card', ordered_at, total_cents // 2, 1
    from paid_at where life = 'card_in_part'
    union all
    select order_id, 'SALE', 'SUCCESS', 'shopify_payments', ordered_at,
        total_cents - total_cents // 2, 2
    from paid_at where life = 'card_in_part'
    union all
    select order_id, 'SALE', 'SUCCESS', 'shopify_payments', edited_at, 2000, 3
    from edits inner join paid_at using (order_id) where life = 'edited_up'
    union all
    select order_id, 'REFUND', 'FAILURE', 'shopify_payments', back_at, total_cents * 30 // 100, 3
    from paid_at where life = 'failed_refund'
    union all
    select order_id, 'REFUND', 'SUCCESS', 'shopify_store_credit', back_at, total_cents // 4, 3
    from paid_at where life = 'credit_back'
    union all
    -- a cancelled order gives back what it has not yet, less the fee where one is kept
    select order_id, 'REFUND', 'SUCCESS', 'shopify_payments', cancelled_at,
        total_cents - coalesce(refunded.cents, 0)
            - case life when 'fee_kept' then total_cents * 15 // 100 else 0 end, 4
    from paid_at
    left join (
        select order_id, sum(cents) as cents from refunds_drawn group by order_id
    ) as refunded using (order_id)
    where life in ('fee_kept', 'paid_back') and cancelled_at is not null
    union all
    select order_id, 'REFUND', 'SUCCESS', 'shopify_payments', refunded_at, cents,
        4 + refunds_drawn.part
    from refunds_drawn
    inner join paid_at using (order_id)
    where life <> 'voided'
)
select order_id * 16 + part as transaction_id, *
from moved
where moved_at < closes_at() and cents > 0;

create table transactions as
select transaction_id, order_id, kind, status, gateway, moved_at, money(cents) as amount
from transactions_drawn
where kind <> 'REFUND' or is_refund_recorded(transaction_id, moved_at);
"""

DISPUTES = """
create table disputes_drawn as
select order_id * 16 as dispute_id, order_id, total_cents as cents, initiated_at,
    later(initiated_at, 86400 * (20 + 20 * draw(number, 'dispute ends'))) as finalized_at,
    draw(number, 'dispute won') < dispute_won_share(initiated_at) as is_won
from (
    select *, later(ordered_at, 86400 * (3 + 25 * draw(number, 'disputed after'))) as initiated_at
    from order_lives where life = 'charged_back'
)
where initiated_at < closes_at();

create table disputes as
select dispute_id, order_id, initiated_at, finalized_at, is_won, money(cents) as amount
from disputes_drawn;
"""

UPDATES = """
insert into order_updates
select order_id, ordered_at, 'created' from orders_drawn where order_id > 7000000000000
union
select order_id, moved_at, 'payment' from transactions
union
select order_id, edited_at, 'edit' from edits where edited_at < closes_at()
union
select order_id, initiated_at, 'dispute' from disputes_drawn
union
select order_id, finalized_at, 'dispute' from disputes_drawn where finalized_at < closes_at();
"""

LIVES_MIX = {
    "paid_later": "paid_later_share",
    "never_paid": "never_paid_share",
    "expired": "expired_share",
    "edited_down": "edited_down_share",
    "edited_up": "edited_up_share",
    "failed_refund": "failed_refund_share",
    "credit_back": "credit_back_share",
    "charged_back": "charged_back_share",
    "card_spent": "card_spent_share",
    "card_in_part": "card_in_part_share",
}


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Make `transactions`, `disputes` and `edits`, and add the orders of the till."""
    con.execute(TILL)
    con.execute(DRAFTS)
    reached, arms, cuts = "0", [], ", ".join(ORDER)
    for life, share in LIVES_MIX.items():
        reached = f"{reached} + {share}(instant, {cuts})"
        arms.append(f"when u < {reached} then '{life}'")
    con.execute(
        f"create macro life_of(u, instant, {cuts}) as case {' '.join(arms)} else 'plain' end"
    )
    for chapter in (LIVES, TRANSACTIONS, DISPUTES, UPDATES):
        con.execute(chapter)
