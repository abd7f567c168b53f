"""Visits that publishers sent: their links carry the network's click, and lead to what they claim.

A content site sent the person by a link in the days before: it is the last visit of the journey
that nobody paid for. A coupon site or a cashback portal is asked when the basket is full, so its
link is the visit that buys, where that is one nobody paid for; else the shop's tags never see it.
Drawn between orders and ads: only what those visits carried changes, nothing that was drawn before.
"""

import duckdb

ASKED = """
-- who is asked last before an order, or sent the person: most orders have no affiliate at all
create table affiliate_asked as
with asked as (
    select orders_drawn.*, draw(order_id, 'affiliate') / affiliate_factor(ordered_at) as u,
        subtotal_cents - discount_cents - tax_cents as sale_cents
    from orders_drawn
    where not is_test and order_id < 7000000000000
),
chosen as (
    select *,
        case
            when discount_cents > 0 and u < 0.30 then 45628
            when u < 0.045 then 45628
            when u < 0.090 then 78888
            when u < 0.125 then 101482
            when u < 0.150 then 132554
            when u < 0.165 then 210777
        end as publisher_id
    from asked
)
select chosen.*, affiliate_publishers.kind, commission_permille, true_effect
from chosen
inner join affiliate_publishers using (publisher_id)
where sale_cents > 0 and (left_at is null or ordered_at < left_at);

create table affiliate_visits as
with sent as (
    select affiliate_asked.order_id, publisher_id, visits_drawn.visit_id,
        visits_drawn.visit_at, visits_drawn.page,
        concat('15632_', epoch(visits_drawn.visit_at)::bigint, '_',
            substr(draw_letters(visits_drawn.visit_id, 'affiliate click'), 1, 32)) as awc
    from affiliate_asked
    inner join visits_drawn using (journey_id)
    where visits_drawn.campaign_id is null
        and visits_drawn.channel in ('organic_search', 'organic_social', 'referral', 'direct')
        and coalesce(visits_drawn.click_id_kind, 'fbclid') = 'fbclid'
        and visits_drawn.visit_at < ordered_at
        and case affiliate_asked.kind when 'Content' then true
            else visits_drawn.is_converting and draw(order_id, 'affiliate lands') < 0.6 end
    qualify row_number() over (
        partition by affiliate_asked.order_id
            order by visits_drawn.visit_at desc, visits_drawn.visit_id) = 1
)
select *, concat(page, '?utm_source=awin&utm_medium=affiliate&utm_campaign=', publisher_id,
    '&sv1=affiliate&sv_campaign_id=', publisher_id, '&awc=', awc) as landing_page
from sent;
"""

CARRIED = """
update {table} set landing_page = affiliate_visits.landing_page,
    referrer = 'https://www.awin1.com/' {more}
from affiliate_visits
where {table}.visit_id = affiliate_visits.visit_id;
"""
OF_VISITS = """, channel = 'affiliate', click_id = awc, click_id_kind = 'awc',
    utm_source = 'awin', utm_medium = 'affiliate',
    utm_campaign = publisher_id::varchar"""


def send_visitors(con: duckdb.DuckDBPyConnection) -> None:
    """Make `affiliate_asked` and `affiliate_visits`, and let visits and orders carry the click."""
    con.execute(ASKED)
    for table, more in (("visits_drawn", OF_VISITS), ("visits", OF_VISITS), ("orders_drawn", "")):
        con.execute(CARRIED.format(table=table, more=more))
