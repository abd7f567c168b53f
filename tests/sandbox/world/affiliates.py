"""Affiliates: publishers whose links people follow, the sales they claim, and what they cost.

Drawn last, from orders that are there already, with questions nobody else draws. A coupon site or a
cashback portal is asked in the minutes before the order, often in a tab or an extension that the
shop's own tags never see, also where a Google ad brought the person; a content site sent the person
days before (affiliate_visits.py). A publisher's true effect is small where it comes last.

Amounts are whole cents until the output tables make them decimals.
"""

import duckdb

ACCOUNT = 15632
ZONE = "Europe/London"

# id, name, kind, commission in thousandths, true effect, clicks a day, leaves at (share of range)
PUBLISHERS = (
    (45628, "Codewell Vouchers", "Coupon", 60, 0.08, 90, None),
    (78888, "PenguinBack Cashback", "Cashback", 80, 0.20, 55, None),
    (101482, "Coast & Table", "Content", 100, 0.75, 40, None),
    (132554, "Gift Radar", "Content", 90, 0.65, 25, 0.70),
    (210777, "Bargain Harbour", "Coupon", 50, 0.05, 30, None),
)

TABLES = """
create table affiliate_publishers as
select publisher_id, publisher_name, kind, commission_permille, true_effect, clicks_per_day,
    left_share, (first_day() + floor(left_share * (end_day() - first_day()))::integer)::timestamp
        as left_at
from publishers_listed;
"""

SALES = """
create table affiliate_sales as
with clicked as (
    select affiliate_asked.*,
        coalesce(later(affiliate_visits.visit_at, -2), later(ordered_at,
            - case when kind = 'Content'
                then 86400 * pow(20, draw(affiliate_asked.order_id, 'affiliate click'))
            else 20 + 600 * draw(affiliate_asked.order_id, 'affiliate click') end)) as clicked_at
    from affiliate_asked
    left join affiliate_visits using (order_id)
),
taken_back as (
    select order_id, min(refunded_at) as back_at, sum(cents)::bigint as back_cents
    from (
        select order_id, refunded_at, cents from refunds_drawn
        union all
        select order_id, cancelled_at, 1000000000 from cancellations
    )
    group by order_id
)
select 1591000000 + row_number() over (order by ordered_at, order_id) as transaction_id,
    order_id, order_name, publisher_id, clicked_at, ordered_at as sold_at, ordered_at, country,
    sale_cents, sale_cents * commission_permille // 1000 as commission_cents,
    total_cents, back_at, back_cents,
    later(ordered_at, 86400 * (20 + 25 * draw(order_id, 'affiliate validated'))) as validated_at,
    draw(order_id, 'affiliate split') < 0.1 as is_split,
    draw(order_id, 'affiliate voucher') < 0.6 and kind = 'Coupon' and discount_cents > 0
        as has_voucher,
    draw(order_id, 'affiliate new') < 0.45 as is_new_customer,
    draw(order_id, 'affiliate cause') < true_effect
        and order_id not in (select goal_id from caused_by where goal = 'purchase') as is_caused,
    draw(order_id, 'affiliate corrected') < 0.16 as is_corrected,
    draw(order_id, 'affiliate early') < 0.5 as is_early
from clicked
left join taken_back using (order_id);
"""

# What is taken back before the validation declines a sale, or amends it while it is pending; what
# comes after it, and what the advertiser got wrong, amends an approved one
FATES = """
create table affiliate_fates as
with judged as (
    select *, coalesce(back_at < validated_at, false) as is_back_in_time,
        coalesce(back_cents >= total_cents, false) as is_all_back
    from affiliate_sales
),
decided as (
    select *,
        case when is_back_in_time and is_all_back then 'declined' else 'approved' end as verdict,
        case when is_back_in_time and is_all_back
            then case when back_cents >= 1000000000 then 'cancelled' else 'order returned' end
        end as decline_reason,
        case
            when is_all_back then null
            when is_back_in_time
                then least(later(back_at, 43200 + 172800 * draw(order_id, 'amended after')),
                    validated_at - interval 1 hour)
            when is_corrected and is_early
                then later(ordered_at, 86400 * (1 + 8 * draw(order_id, 'corrected after')))
            when is_corrected
                then later(validated_at, 86400 * (2 + 20 * draw(order_id, 'corrected after')))
        end as amended_at
    from judged
)
select *,
    case when amended_at is null then null
        when is_back_in_time
            then sale_cents - sale_cents * back_cents // total_cents
        else sale_cents // 2 end as amended_sale_cents,
    case when amended_at is null then null
        when is_back_in_time
            then commission_cents - commission_cents * back_cents // total_cents
        else commission_cents // 2 end as amended_commission_cents
from decided;
"""

OUT = """
create table affiliate_transactions as
select transaction_id, publisher_id, order_id, order_name as order_ref, 'Sale' as kind, clicked_at,
    sold_at, country, money(sale_cents) as sale_amount, money(commission_cents)
        as commission_amount, validated_at, verdict, decline_reason, amended_at,
    money(amended_sale_cents) as amended_sale_amount,
    money(amended_commission_cents) as amended_commission_amount, is_split,
    case when has_voucher then 'HARBOUR10' end as voucher_code, is_new_customer, is_caused
from affiliate_fates
union all
-- a bonus for the content site on the first of a month: no order, approved the day after
select 1590000000 + epoch(day)::bigint // 86400, 101482, null, null, 'Bonus', null,
    day + interval 9 hour, 'GB', 0, 150, day + interval 33 hour, 'approved', null, null, null,
    null, false, null, null, false
from (select distinct day from days)
where day >= first_day() and day < end_day() and day(day) = 1;

create table affiliate_clicks as
select publisher_id, day::date as click_date,
    floor(clicks_per_day * (0.5 + draw(publisher_id * 100000 + epoch(day)::bigint // 86400,
        'affiliate clicks')))::bigint as clicks
from (select distinct day from days)
cross join affiliate_publishers
where day >= first_day() and day < end_day() and (left_at is null or day < left_at);

-- the truth: what a publisher costs, on the day of its approval and of every later amendment
create table affiliate_costs as
select publisher_id, transaction_id, validated_at as cost_at,
    case when amended_at < validated_at then amended_commission_amount else commission_amount end
        as amount
from affiliate_transactions
where verdict = 'approved'
union all
select publisher_id, transaction_id, amended_at, amended_commission_amount - commission_amount
from affiliate_transactions
where verdict = 'approved' and amended_at >= validated_at;
"""


def list_publishers(con: duckdb.DuckDBPyConnection) -> None:
    """Make `affiliate_publishers`: who is in the programme, and until when."""
    con.execute("""
        create table publishers_listed (publisher_id bigint, publisher_name varchar, kind varchar,
            commission_permille bigint, true_effect double, clicks_per_day bigint,
            left_share double)
    """)
    con.executemany("insert into publishers_listed values (?, ?, ?, ?, ?, ?, ?)", PUBLISHERS)
    con.execute(TABLES)


def claim_sales(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `affiliate_...`: clicks, transactions and what they cost."""
    for chapter in (SALES, FATES, OUT):
        con.execute(chapter)
