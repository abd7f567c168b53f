"""What they buy: shop orders, their refunds, cancellations and later touches.

Amounts are whole cents (BIGINT) until the output tables make them decimals.
"""

import duckdb

from sandbox.world.cuts import ORDER_COLUMNS
from sandbox.world.dated import Course
from sandbox.world.draws import define_choice, define_dated_choice

PRODUCTS = {"all": {"hamper": 0.55, "gift_voucher": 0.25, "spa_pass": 0.20}}
# Unit prices in cents
PRICES = {
    "hamper": {"5900": 0.25, "8450": 0.3, "11900": 0.25, "17900": 0.15, "29500": 0.05},
    "gift_voucher": {"5000": 0.3, "10000": 0.4, "15000": 0.2, "25000": 0.1},
    "spa_pass": {"6000": 0.4, "9500": 0.35, "14000": 0.2, "22000": 0.05},
}
# Delivery of a hamper below 120 euro, in cents
SHIPPING = {"PT": 590, "ES": 790, "GB": 1290, "US": 2490}
OTHER_SHIPPING = 990

ORDERS = f"""
create table orders_drawn as
with bought as (
    select visits_drawn.*,
        later(visit_at, 180 + 2220 * pow(draw(visit_id, 'ordered after'), 1.3)) as ordered_at,
        product_of('all', draw(visit_id, 'product'), visit_at, platform, campaign_id, device,
            browser, country) as product_type
    from visits_drawn
    where is_converting and kind = 'shop'
),
placed as (
    select *, reporting_date(ordered_at) as order_date,
        row_number() over (order by ordered_at, visit_id) as number
    from bought
    where ordered_at >= opens_at() and ordered_at < closes_at()
),
priced as (
    select placed.*, promotion > 1 as is_promotion,
        round(price_of(product_type, draw(visit_id, 'price'))::bigint
            * price_factor(ordered_at, {ORDER_COLUMNS}))::bigint
            * case when draw(visit_id, 'two') < 0.18 then 2 else 1 end as subtotal_cents
    from placed
    inner join days on order_date = day and days.kind = 'shop'
),
discounted as (
    select *,
        case when draw(visit_id, 'discounted') < case when is_promotion
            then promotion_discount_share(ordered_at, {ORDER_COLUMNS})
            else ordinary_discount_share(ordered_at, {ORDER_COLUMNS}) end
        then subtotal_cents * (case when is_promotion then 20 else 10 end) // 100
        else 0 end as discount_cents,
        case when product_type = 'hamper' and subtotal_cents < 12000
            then shipping_to(country) else 0 end as shipping_cents
    from priced
)
select number, visit_id, journey_id, person_id, ordered_at, order_date, product_type, country,
    visit_at, platform, campaign_id, device, browser, page,
    -- numeric ids that grow with time but leave gaps
    6100000000000 + number * 32768 + draw_integer(number, 'order id', 0, 32767) as order_id,
    'HH' || (1000 + number) as order_name,
    subtotal_cents, discount_cents, shipping_cents,
    subtotal_cents - discount_cents + shipping_cents as total_cents,
    -- vouchers carry no tax until they are used; 23 % is included in everything else
    case when product_type = 'gift_voucher' then 0
        else (subtotal_cents - discount_cents) * 23 // 123 end as tax_cents,
    case when country = 'GB' and draw(visit_id, 'presentment') < 0.85 then 'GBP'
        when country = 'US' and draw(visit_id, 'presentment') < 0.85 then 'USD'
        else 'EUR' end as presentment_currency,
    landing_page, referrer, client_id, analytics_consent, is_other_device,
    draw(visit_id, 'test') < test_share(ordered_at, {ORDER_COLUMNS}) as is_test,
    draw(visit_id, 'cancelled') < cancel_share(ordered_at, {ORDER_COLUMNS}) as wants_cancel,
    draw(visit_id, 'refunded') < refund_share(ordered_at, {ORDER_COLUMNS}) as wants_refund
from discounted;
"""

REFUNDS = f"""
create table refunds_drawn as
with refunded as (
    select number, order_id, ordered_at, total_cents, wants_cancel,
        wants_cancel or draw(number, 'partial refund')
            < partial_refund_share(ordered_at, {ORDER_COLUMNS}) as is_partial,
        draw(number, 'second refund') < second_refund_share(ordered_at, {ORDER_COLUMNS})
            as has_second,
        -- a cancelled order is refunded, if at all, in the hours before
        later(ordered_at, case when wants_cancel then 3600 * (0.5 + draw(number, 'refund hour'))
            else 86400 * (0.8 - refund_delay_days(ordered_at, {ORDER_COLUMNS})
                * ln(1 - draw(number, 'refund day'))) end
        ) as refunded_at
    from orders_drawn
    where (wants_refund and not wants_cancel)
        or (wants_cancel and draw(number, 'refund first') < 0.1)
),
first_refunds as (
    select *, 1 as part,
        case when is_partial
            then total_cents * draw_integer(number, 'part', 15, 60) // 100
            else total_cents end as cents
    from refunded
),
all_refunds as (
    select order_id, number, part, refunded_at, cents from first_refunds
    union all
    select order_id, number, 2, later(refunded_at, 86400 * (1 + 9 * draw(number, 'again'))),
        total_cents * 20 // 100
    from first_refunds
    where is_partial and not wants_cancel and has_second
)
select 900000000000 + row_number() over (order by refunded_at, order_id) as refund_id,
    order_id, part, refunded_at, cents
from all_refunds
where refunded_at < closes_at() and cents > 0;

-- a refund's transaction is the fifth of its order, a second one's the sixth
create macro is_refund_recorded(transaction_id, moved_at) as
    draw(transaction_id, 'refund lost') >= refund_lost_share(moved_at);

create table refunds as
select refund_id, order_id, refunded_at, money(cents) as amount
from refunds_drawn
where is_refund_recorded(order_id * 16 + 4 + part, refunded_at);
"""

CANCELLATIONS = """
create table cancellations as
select order_id, cancelled_at from (
    select order_id,
        later(ordered_at, 7200 + 3 * 86400 * pow(draw(number, 'cancelled after'), 2))
            as cancelled_at
    from orders_drawn
    where wants_cancel
)
where cancelled_at < closes_at();
"""

ORDER_UPDATES = f"""
create table order_updates as
select order_id, ordered_at as updated_at, 'created' as what from orders_drawn
union all
select order_id, refunded_at, 'refund' from refunds
union all
select order_id, cancelled_at, 'cancel' from cancellations
union all
select order_id, updated_at, 'edit' from (
    select order_id, later(ordered_at, 3600 + 9 * 86400 * draw(number, 'edited after'))
        as updated_at
    from orders_drawn
    where draw(number, 'edited') < edit_share(ordered_at, {ORDER_COLUMNS})
)
where updated_at < closes_at();
"""

ORDERS_OUT = """
create table orders as
with first_seen as (
    -- the shop's own cookie remembers thirty days, on one device, for those who allow it
    select orders_drawn.order_id, min(earlier.visit_id) as first_visit_id
    from orders_drawn
    inner join visits_drawn as earlier
        on orders_drawn.journey_id = earlier.journey_id
        and orders_drawn.client_id = earlier.client_id
        and earlier.visit_at >= orders_drawn.ordered_at - interval 30 days
        and earlier.visit_at >= opens_at()
    where orders_drawn.analytics_consent
    group by orders_drawn.order_id
)
select order_id, order_name, person_id, visit_id, ordered_at,
    money(subtotal_cents) as subtotal_amount, money(discount_cents) as discount_amount,
    money(shipping_cents) as shipping_amount, money(tax_cents) as tax_amount,
    money(total_cents) as total_amount, presentment_currency,
    rates.units_per_eur::double as presentment_rate, landing_page, referrer, first_visit_id,
    cancelled_at, is_test, ga4_transaction_id,
    caused_by.platform as caused_by_platform, caused_by.campaign_id as caused_by_campaign_id,
    product_type, life, edited_at, money(edits.cents) as edited_amount,
    case when order_id > 7200000000000 then 'shopify_draft_order'
        when order_id > 7000000000000 then 'pos' else 'web' end as source_name
from orders_drawn
left join (select order_id, life from order_lives) as lived using (order_id)
left join edits using (order_id)
left join rates on order_date = rate_date and presentment_currency = currency_code
left join first_seen using (order_id)
left join cancellations using (order_id)
left join (select order_id, ga4_transaction_id from ga4_purchases) as seen using (order_id)
left join caused_by on caused_by.goal = 'purchase' and caused_by.goal_id = order_id;
"""


def buy(con: duckdb.DuckDBPyConnection, course: Course) -> None:
    """Make `orders_drawn`, `refunds`, `cancellations` and `order_updates`."""
    define_dated_choice(con, "product_of", PRODUCTS, course, "product_weight")
    define_choice(con, "price_of", PRICES)
    rates = " ".join(f"when '{country}' then {cents}" for country, cents in SHIPPING.items())
    con.execute(f"create macro shipping_to(c) as case c {rates} else {OTHER_SHIPPING} end")
    con.execute(ORDERS)
    con.execute(REFUNDS)
    con.execute(CANCELLATIONS)
    con.execute(ORDER_UPDATES)


def close_books_on_orders(con: duckdb.DuckDBPyConnection) -> None:
    """Make `orders`, once it is known what GA4 saw and which ad, if any, caused each."""
    con.execute(ORDERS_OUT)
