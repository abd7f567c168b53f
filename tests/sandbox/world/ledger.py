"""The truth: every movement of money on its own date, and what caused each conversion."""

import duckdb

LEDGER = """
create table movements as
with of_orders as (
    select transactions_drawn.*, 'shopify:' || order_id as conversion_id, life, discount_cents,
        row_number() over (partition by order_id, kind order by moved_at, transaction_id) as nth
    from transactions_drawn
    inner join orders_drawn using (order_id)
    inner join order_lives using (order_id)
    where not orders_drawn.is_test and status = 'SUCCESS' and kind in ('SALE', 'REFUND')
),
money_moved as (
    select conversion_id, case when gateway = 'gift_card' then 'credit_spent' else 'sale' end
            as entry_type,
        moved_at as entry_at, cents, 'EUR' as currency_code
    from of_orders where kind = 'SALE'
    union all
    -- a discount is recorded with the first payment
    select conversion_id, unnest(['sale', 'discount']), moved_at,
        unnest([discount_cents, - discount_cents]), 'EUR'
    from of_orders where kind = 'SALE' and nth = 1
    union all
    select conversion_id, case when gateway = 'shopify_store_credit' then 'credit_returned'
            else 'refund' end,
        moved_at, - cents, 'EUR'
    from of_orders where kind = 'REFUND'
    union all
    -- what a gift card brings is owed until it is spent
    select conversion_id, 'credit_sold', moved_at, - cents, 'EUR'
    from of_orders where life = 'gift_card' and kind = 'SALE'
    union all
    select 'shopify:' || order_id, 'chargeback', initiated_at, - cents, 'EUR' from disputes_drawn
    union all
    select 'shopify:' || order_id, 'chargeback', finalized_at, cents, 'EUR'
    from disputes_drawn where is_won and finalized_at < closes_at()
    union all
    select conversion_id, entry_type, entry_at, cents, currency_code from deal_movements
    union all
    -- a void takes back what was entered twice
    select 'cloudbeds:' || reservation_id, case right(code, 1) when 'A' then 'refund'
            when 'V' then 'correction' else 'sale' end, moved_at, cents, 'EUR'
    from money_drawn
)
select conversion_id, entry_type, entry_at, cents, money_moved.currency_code, units_per_eur
from money_moved
inner join rates
    on reporting_date(entry_at) = rate_date and money_moved.currency_code = rates.currency_code
where cents <> 0;

create table true_ledger as
select
    row_number() over (order by entry_at, conversion_id, entry_type desc, cents) as entry_id,
    conversion_id, entry_type, entry_at, money(cents) as amount_local, currency_code,
    -- whole numbers throughout: cents / rate, rounded half away from zero
    money((sign(cents) * ((2 * abs(cents)::hugeint * 1000000 + micro_units)
        // (2 * micro_units)))::bigint) as amount
from (
    select *, (units_per_eur * 1000000)::hugeint as micro_units from movements
);
"""

TRUTH = """
create table truth as
with booked as (
    select conversion_id, min(entry_at) as converted_at,
        coalesce(sum(amount) filter (entry_type in ('sale', 'credit_spent')), 0)::decimal(18, 2)
            as gross_amount,
        sum(amount)::decimal(18, 2) as net_amount
    from true_ledger
    group by conversion_id
),
known as (
    select 'shopify:' || order_id as conversion_id, 'order' as goal, person_id, visit_id,
        caused_by_platform, caused_by_campaign_id
    from orders
    union all
    -- a deal that was entered twice is known by the id it was merged into
    select 'hubspot:' || coalesce(crm_merges.merged_id, deal_id), 'deal', person_id,
        deals.visit_id, caused_by_platform, caused_by_campaign_id
    from deals
    inner join contacts using (contact_id)
    left join crm_merges on deals.deal_id = crm_merges.primary_id
    where deals.deal_id not in (select other_id from crm_merges)
    union all
    select 'cloudbeds:' || reservation_id, 'booking', person_id, visit_id, null, null
    from bookings_drawn
)
select conversion_id, known.goal, known.person_id, known.visit_id, visits.channel,
    visits.platform, visits.campaign_id, converted_at,
    reporting_date(converted_at) as order_date, gross_amount, net_amount,
    caused_by_platform, caused_by_campaign_id
from booked
inner join known using (conversion_id)
left join visits using (visit_id);
"""


def keep_ledger(con: duckdb.DuckDBPyConnection) -> None:
    """Make `true_ledger` and `truth` (one row per conversion that moved money)."""
    con.execute(LEDGER)
    con.execute(TRUTH)
