"""What moves who comes to the world or what they do, and whose view of it moves with them."""

from sandbox.world import Change
from unit.world_breaks import DAY, END

#: What moves who comes or what they do, so that later draws are others too.
SHIFTS = (
    Change("bounced_share", DAY, None, {"campaign": 120210000000000005}, factor=9),
    Change("orders_per_day", DAY, END, {}, factor=2),
    Change("event_browsers_per_day", DAY, None, {}, factor=2.5),
    Change("bot_visits_per_day", DAY, END, {}, value=500),
    Change("checkout_failure_share", DAY, None, {"browser": "Samsung Internet"}, value=1),
    Change("form_failure_share", DAY, None, {"kind": "wedding", "device": "desktop"}, value=1),
    Change("form_lost_share", DAY, None, {"kind": "event"}, value=1),
    Change("device_weight", DAY, None, {"device": "desktop", "country": "GB"}, factor=0.25),
    Change("country_weight", DAY, None, {"country": "US"}, factor=4),
    Change("touch_weight", DAY, None, {"touch": "email", "kind": "shop"}, factor=3),
    Change("product_weight", DAY, None, {"product": "gift_voucher"}, factor=3),
    Change("longest_lag_days", DAY, None, {"kind": "shop"}, value=3),
    Change("won_share", DAY, None, {"kind": "wedding"}, factor=2),
    Change("deal_value_factor", DAY, None, {"country": "GB"}, factor=3),
    Change("affiliate_factor", DAY, factor=3),
)
#: Parameter, whose view, whether its sum or its mean is looked at, what becomes of it inside, and
#: the rows of the view (instant, inside, amount). Elsewhere draws are others, the level is not.
MOVED = (
    ("bounced_share", "Meta's clicks", "sum", (1.5, 2.4), """
        select clicked_at as instant, campaign_id = 120210000000000005 as inside, 1 as amount
        from ad_clicks"""),
    ("orders_per_day", "the shop", "sum", (1.6, 2.2), """
        select ordered_at as instant, ordered_at < date '2026-09-05' as inside, 1 as amount
        from orders where source_name = 'web'"""),
    ("event_browsers_per_day", "GA4", "sum", (1.9, 2.7), """
        select visit_at as instant, kind = 'event' as inside, 1 as amount from ga4_visits"""),
    ("bot_visits_per_day", "GA4", "sum", (1.4, 2.2), """
        select event_at as instant, event_at < date '2026-09-05' as inside, 1 as amount
        from ga4_events where event_name = 'session_start'"""),
    ("checkout_failure_share", "the shop", "mean", (0, 0), """
        select visit_at as instant, browser = 'Samsung Internet' as inside,
            (visit_id in (select visit_id from orders))::int as amount
        from visits_drawn where kind = 'shop'"""),
    ("checkout_failure_share", "GA4", "mean", (0, 0), """
        select event_at as instant, browser = 'Samsung Internet' as inside,
            (event_name = 'purchase')::int as amount
        from ga4_events where event_name in ('purchase', 'session_start')
            and page_location not like '%/confirmation'"""""),
    ("form_failure_share", "the CRM", "sum", (0, 0), """
        select asked_at as instant, device = 'desktop' and form = 'wedding_enquiry' as inside,
            1 as amount
        from enquiries inner join visits using (visit_id)"""),
    ("form_lost_share", "the CRM", "sum", (0, 0), """
        select asked_at as instant, form = 'company_event' as inside, 1 as amount
        from enquiries inner join visits using (visit_id)"""),
    ("form_lost_share", "GA4", "sum", (0.6, 1.7), """
        select event_at as instant, kind = 'event' as inside, 1 as amount
        from ga4_events inner join ga4_visits using (visit_id)
        where event_name = 'generate_lead'"""),
    ("device_weight", "the site", "mean", (0.2, 0.55), """
        select visit_at as instant, country = 'GB' as inside, (device = 'desktop')::int as amount
        from visits_drawn"""),
    ("country_weight", "GA4", "mean", (2.2, 4), """
        select event_at as instant, true as inside, (country = 'US')::int as amount
        from ga4_events inner join (select visit_id, is_bot from visits_drawn) using (visit_id)
        where event_name = 'session_start' and not is_bot"""),
    ("touch_weight", "the site", "mean", (2, 3.3), """
        select visit_at as instant, kind = 'shop' as inside, (channel = 'email')::int as amount
        from visits_drawn where not is_bot"""),
    ("product_weight", "the shop", "mean", (1.6, 2.6), """
        select ordered_at as instant, true as inside,
            (product_type = 'gift_voucher')::int as amount
        from orders where source_name = 'web'"""),
    ("longest_lag_days", "the site", "mean", (0.1, 0.6), """
        select ends_at as instant, kind = 'shop' and converts as inside, lag_seconds as amount
        from journeys where lag_seconds > 86400"""),
    ("won_share", "the CRM", "mean", (1.5, 2.6), """
        select created_at as instant, kind = 'wedding' as inside, is_won::int as amount
        from deal_courses"""),
    ("affiliate_factor", "the network", "mean", (2.1, 3.5), """
        select ordered_at as instant, true as inside,
            (order_id in (select order_id from affiliate_asked))::int as amount
        from orders where source_name = 'web'"""),
    ("deal_value_factor", "the CRM", "mean", (1.8, 5), """
        select created_at as instant, country = 'GB' as inside,
            estimate_cents / case kind when 'wedding' then 38 else 15 end as amount
        from deal_courses"""),
)  # fmt: skip
