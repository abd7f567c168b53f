"""Breaks of the world, and whose view of it each of them moves: see test_world_changes.py."""

from datetime import date

from sandbox.world import Change

DAY, END = date(2026, 8, 22), date(2026, 9, 5)

#: What does not move who comes, so that everything else stays the very same.
BREAKS = (
    Change("purchase_tag_loss", DAY, END, {"tag": "purchase", "browser": "Safari"}, value=1),
    Change("click_id_lost_share", DAY, None, {"platform": "google_ads", "kind": "shop"}, value=1),
    Change("query_lost_share", DAY, None, {"platform": "google_ads", "kind": "shop"}, value=0),
    Change("utm_lost_share", DAY, END, {"page": "https://shop*/", "device": "mobile"}, value=1),
    Change("utm_renamed_share", DAY, None, {"campaign": 20010000002}, value=1),
    Change("referrer_lost_share", DAY, None, {"device": "tablet"}, value=1),
    Change("analytics_refusal_share", DAY, None, {"region": "UK"}, value=0.9),
    Change("blocked_visit_share", DAY, None, {"browser": "Firefox"}, value=1),
    Change("doubled_purchase_share", DAY, None, {"device": "desktop"}, value=1),
    Change("doubled_lead_share", DAY, None, {"kind": "wedding"}, value=1),
    Change("missing_transaction_share", DAY, None, {"device": "tablet"}, value=1),
    Change("late_event_share", DAY, END, {"country": "ES"}, value=1),
    Change("ga4_delay_hours", DAY, None, {"country": "FR"}, value=48),
    Change("refund_share", DAY, None, {"product": "hamper", "country": "PT"}, value=1),
    Change("price_factor", DAY, None, {"product": "spa_pass"}, factor=1.5),
    Change("never_paid_share", DAY, END, {"country": "DE"}, value=1),
    Change("cost_factor", DAY, None, {"campaign": 20010000001}, factor=2),
    Change("click_rate_factor", DAY, END, {"platform": "meta_ads"}, factor=0.5),
    Change("ad_delay_hours", DAY, END, {"platform": "meta_ads"}, value=30),
    Change("claim_reported_share", DAY, None, {"platform": "meta_ads", "seen_as": "view"}, value=0),
    Change("claim_observed_share", DAY, None, {"platform": "meta_ads", "device": "desktop"},
           value=0),
    Change("doubled_claim_share", DAY, END, {"platform": "google_ads", "action": "purchase"},
           value=1),
    Change("event_lead_value", DAY, None, {}, factor=3),
    Change("qualified_share", DAY, None, {"kind": "event"}, value=0),
    Change("usd_per_eur", DAY, None, {}, factor=1.25),
)  # fmt: skip
GA4 = "from ga4_events inner join ga4_visits using (visit_id)"
#: Parameter, whose view, until when, what becomes of the amount inside, and the rows of the view
#: (key, instant, inside, amount).
VIEWS = (
    ("purchase_tag_loss", "GA4", END, (0, 0), f"""
        select event_id as key, event_at as instant, ga4_events.browser = 'Safari' as inside,
            1 as amount
        {GA4} where event_name = 'purchase' and ga4_events.device <> 'desktop'
            and ga4_events.country <> 'GB'"""),
    ("purchase_tag_loss", "the shop", END, (1, 1), """
        select order_id as key, ordered_at as instant, browser = 'Safari' as inside, 1 as amount
        from orders_drawn"""),
    ("click_id_lost_share", "the site", None, (0, 0), """
        select visit_id as key, visit_at as instant,
            platform = 'google_ads' and kind = 'shop' as inside,
            (landing_page like '%gclid=%')::int as amount
        from visits_drawn where page <> 'https://shop.harbourhouse.example/'"""),
    ("click_id_lost_share", "Google's list of clicks", None, (1, 1), """
        select hash(click_id) as key, clicked_at as instant, true as inside, 1 as amount
        from ad_clicks where platform = 'google_ads'"""),
    ("click_id_lost_share", "GA4", None, (0, 0), f"""
        select event_id as key, event_at as instant, true as inside, 1 as amount
        {GA4} where ga4_events.gclid is not null and kind = 'shop'"""),
    ("click_id_lost_share", "claims of the last click", None, (0, 0.03), """
        select number as key, touched_at as instant, kind = 'shop' as inside,
            is_traceable::int as amount
        from credits where platform = 'google_ads' and seen_as = 'click'"""),
    ("utm_lost_share", "the site", END, (0, 0), """
        select visit_id as key, visit_at as instant, amount, device = 'mobile' as inside
        from (select *, (utm_medium is not null)::int as amount from visits_drawn
            where page = 'https://shop.harbourhouse.example/'
                and (platform = 'meta_ads' or channel = 'email'))"""""),
    ("utm_renamed_share", "the site", None, (0, 0), """
        select visit_id as key, visit_at as instant, campaign_id = 20010000002 as inside,
            1 as amount
        from visits_drawn
        where utm_campaign = lower(utm_campaign) and page not like '%.example/'
            and (campaign_id = 20010000002 or platform = 'meta_ads')"""),
    ("utm_renamed_share", "GA4", None, (0, 0), f"""
        select event_id as key, event_at as instant, true as inside, 1 as amount
        {GA4} where manual_campaign_name = 'hampers-generic'"""),
    ("referrer_lost_share", "the site", None, (0, 0), """
        select visit_id as key, visit_at as instant, device = 'tablet' as inside,
            (referrer is not null)::int as amount
        from visits_drawn"""),
    ("analytics_refusal_share", "the site", None, (0.1, 0.2), """
        select visit_id as key, visit_at as instant, country = 'GB' as inside,
            analytics_consent::int as amount
        from visits_drawn"""),
    ("analytics_refusal_share", "GA4", None, (0.1, 0.2), """
        select visit_id as key, event_at as instant, country = 'GB' as inside, 1 as amount
        from ga4_events where event_name = 'session_start' and browser <> 'Firefox'"""),
    ("blocked_visit_share", "GA4", None, (0, 0), """
        select event_id as key, event_at as instant, browser = 'Firefox' as inside, 1 as amount
        from ga4_events where event_name = 'session_start' and country <> 'GB'"""),
    ("doubled_purchase_share", "GA4", None, (1.8, 2), """
        select event_id as key, event_at as instant, device = 'desktop' as inside, 1 as amount
        from ga4_events
        where event_name = 'purchase' and browser not in ('Firefox', 'Safari')
            and country <> 'GB'"""),
    ("doubled_purchase_share", "the shop", None, (1, 1), """
        select transaction_id as key, moved_at as instant, true as inside, 1 as amount
        from transactions inner join orders_drawn using (order_id)
        where kind = 'SALE' and country <> 'DE'"""),
    ("doubled_lead_share", "GA4", None, (1.8, 2), f"""
        select event_id as key, event_at as instant, kind = 'wedding' as inside, 1 as amount
        {GA4} where event_name = 'generate_lead' and ga4_events.browser <> 'Firefox'
            and ga4_events.country <> 'GB'"""),
    ("missing_transaction_share", "GA4", None, (0, 0), """
        select event_id as key, event_at as instant, device = 'tablet' as inside, 1 as amount
        from ga4_events where event_name = 'purchase' and transaction_id is not null
            and page_location not like '%/confirmation'
            and device <> 'desktop' and browser <> 'Safari' and country <> 'GB'"""),
    ("late_event_share", "GA4", END, (20, 200), """
        select event_id as key, event_at as instant, country = 'ES' as inside,
            (known_at > event_at + interval 1 hour)::int as amount
        from ga4_events where country not in ('FR', 'GB') and browser <> 'Firefox'
            and event_name = 'page_view'"""),
    ("ga4_delay_hours", "GA4", None, (20, 200), """
        select event_id as key, event_at as instant, country = 'FR' as inside,
            (known_at > event_at + interval 1 hour)::int as amount
        from ga4_events where country not in ('ES', 'GB') and browser <> 'Firefox'
            and event_name = 'page_view'"""),
    ("refund_share", "the shop", None, (5, 30), """
        select order_id as key, ordered_at as instant, product_type = 'hamper' and country = 'PT'
            as inside, wants_refund::int as amount
        from orders_drawn"""),
    ("refund_share", "the bank", None, (3, 30), """
        select transaction_id as key, ordered_at as instant,
            product_type = 'hamper' and country = 'PT' as inside, 1 as amount
        from transactions inner join orders_drawn using (order_id)
        where kind = 'REFUND' and country <> 'DE' and product_type <> 'spa_pass'"""),
    ("refund_share", "the ledger", None, (3, 30), """
        select order_id as key, ordered_at as instant, product_type = 'hamper' and country = 'PT'
            as inside, - amount as amount
        from true_ledger inner join orders_drawn on conversion_id = 'shopify:' || order_id
        where entry_type = 'refund' and country <> 'DE' and product_type <> 'spa_pass'"""),
    ("price_factor", "the shop", None, (1.45, 1.55), """
        select order_id as key, ordered_at as instant, product_type = 'spa_pass' as inside,
            subtotal_cents as amount
        from orders_drawn where order_id < 7000000000000"""),
    ("price_factor", "GA4", None, (1.45, 1.55), f"""
        select event_id as key, event_at as instant, item = 'spa_pass' as inside,
            ga4_events.value as amount
        {GA4} where event_name = 'purchase' and event_id % 16 = 9 and ga4_events.device = 'mobile'
            and ga4_events.browser <> 'Safari' and ga4_events.country <> 'GB'"""),
    ("price_factor", "the platforms", None, (1.45, 1.55), """
        select order_id as key, converted_at as instant, product_type = 'spa_pass' as inside,
            cents as amount
        from conversions inner join orders_drawn on goal_id = order_id
        where goal = 'purchase'"""),
    ("never_paid_share", "the bank", END, (0, 0.25), """
        select order_id as key, ordered_at as instant, country = 'DE' as inside, 1 as amount
        from transactions inner join orders_drawn using (order_id)
        where kind = 'SALE' and product_type <> 'gift_voucher'"""),
    ("cost_factor", "Google", None, (1.99, 2.01), """
        select hash(ad_id) as key, ad_date as instant, campaign_id = 20010000001 as inside,
            cost_micros as amount
        from ad_daily where version = 3 and platform = 'google_ads'"""),
    ("cost_factor", "Google's clicks", None, (1, 1), """
        select hash(ad_id) as key, ad_date as instant, true as inside, clicks as amount
        from ad_daily where platform = 'google_ads'"""),
    ("cost_factor", "Google's total", None, (1.05, 1.9), """
        select version as key, ad_date as instant, true as inside, cost_micros as amount
        from account_daily where platform = 'google_ads'"""),
    ("click_rate_factor", "Meta", END, (1.9, 2.1), """
        select hash(ad_id) as key, ad_date as instant, platform = 'meta_ads' as inside,
            impressions as amount
        from ad_daily where version = 3"""),
    ("ad_delay_hours", "Meta", END, (0, 0), """
        select hash(ad_id) as key, ad_date as instant, platform = 'meta_ads' as inside,
            (known_at < ad_date + interval 30 hour)::int as amount
        from ad_daily where version = 1"""),
    ("claim_reported_share", "Meta", None, (0, 0), """
        select order_id as key, converted_at as instant, kind = 'view' as inside, 1 as amount
        from (select claims.*, device, country from claims inner join orders_drawn using (order_id))
        where platform = 'meta_ads' and device <> 'desktop' and country <> 'GB'"""),
    ("claim_observed_share", "Meta", None, (0.3, 0.95), """
        select order_id as key, converted_at as instant, device = 'desktop' as inside, 1 as amount
        from (select claims.*, device, country from claims inner join orders_drawn using (order_id))
        where platform = 'meta_ads' and kind = 'click' and country <> 'GB'"""),
    ("doubled_claim_share", "Google", END, (1.6, 2.0), """
        select order_id as key, converted_at as instant, true as inside, 1 as amount
        from (select claims.*, country from claims inner join orders_drawn using (order_id))
        where platform = 'google_ads' and country <> 'GB' and converted_at < date '2026-09-05'"""),
    ("doubled_claim_share", "the truth", END, (1, 1), """
        select order_id as key, ordered_at as instant, true as inside, 1 as amount
        from caused_by inner join orders_drawn on goal_id = order_id where goal = 'purchase'"""),
    ("event_lead_value", "the platforms", None, (3, 3), """
        select goal_id as key, converted_at as instant, kind = 'event' as inside, cents as amount
        from conversions where goal = 'lead'"""),
    ("qualified_share", "the CRM", None, (0, 0), """
        select contact_id as key, asked_at as instant, form = 'company_event' as inside, 1 as amount
        from (select *, created_at as asked_at from contacts_drawn)
        inner join (select distinct contact_id from deals) using (contact_id)"""),
    ("usd_per_eur", "the rates", None, (1.24, 1.26), """
        select 1 as key, rate_date as instant, currency_code = 'USD' as inside,
            units_per_eur as amount
        from fx"""),
)  # fmt: skip
