"""What GA4 sees: sessions with its own idea of where they came from, and their events."""

from collections.abc import Iterator

import duckdb

from sandbox.world.cuts import VISIT, VISIT_COLUMNS
from sandbox.world.plans import CHECKOUT_SITE, ROOMS_SITE

VISITS_PER_CHUNK = 250_000  # bounds the memory of a chunk to a few hundred megabytes

PURCHASES = f"""
create table ga4_purchases as
with captured as (
    select *, 'shop' as kind,
        purchase_tag_loss(ordered_at, 'purchase', {VISIT_COLUMNS}) as tag_loss,
        -- the day's loss wanders around its mean, the same for all of a day's orders
        tag_loss < 1 and draw(visit_id, 'purchase tag') >= tag_loss + draw_normal(
            epoch(order_date)::bigint, 'capture') * sqrt(capture_overdispersion(ordered_at)
            * (purchase_tag_loss() + blocked_visit_share())
            * (1 - purchase_tag_loss() - blocked_visit_share())) as is_fired
    from orders_drawn
)
select visit_id, order_id, money(tax_cents) as tax, money(shipping_cents) as shipping,
    case when draw(number, 'value lost') >= value_lost_share(ordered_at, {VISIT_COLUMNS})
        then money(total_cents * case when draw(number, 'value in cents')
            < value_cents_share(ordered_at, {VISIT_COLUMNS}) then 100 else 1 end) end as value,
    case when draw(number, 'currency wrong') < currency_wrong_share(ordered_at, {VISIT_COLUMNS})
        then 'USD' else 'EUR' end as currency,
    case
        when draw(number, 'transaction merged')
            < merged_transaction_share(ordered_at, {VISIT_COLUMNS})
            then 'HH' || (1000 + number - number % 4)
        when draw(number, 'transaction missing')
            < missing_transaction_share(ordered_at, {VISIT_COLUMNS}) then null
        when draw(number, 'transaction reused')
            < reused_transaction_share(ordered_at, {VISIT_COLUMNS}) and number > 1
            then 'HH' || (999 + number)
        else order_name
    end as ga4_transaction_id,
    draw(number, 'doubled') < doubled_purchase_share(ordered_at, {VISIT_COLUMNS}) as is_doubled
from captured
where is_fired and is_tracked(visit_id, analytics_consent, visit_at, {VISIT_COLUMNS});
"""

SESSIONS = """
create table ga4_sessions as
with tracked as (
    select visits_drawn.*,
        nullif(split_part(split_part(referrer, '//', 2), '/', 1), checkout_host())
            as referrer_host,
        case when click_id_kind = 'gclid' and not click_id_lost and ads_consent
            then click_id end as gclid,
        campaign_versions.campaign_name
    from visits_drawn
    left join campaign_versions
        on visits_drawn.campaign_id = campaign_versions.campaign_id
        and visit_at >= valid_from and (valid_to is null or visit_at < valid_to)
    where visit_at >= opens_at() and visit_at < closes_at()
        and is_tracked(visit_id, analytics_consent, visit_at, visits_drawn.platform,
            visits_drawn.campaign_id, device, browser, country, page, kind)
),
believed as (
    select *,
        case
            when gclid is not null and (utm_source is not null
                or draw(visit_id, 'mistaken organic') >= mistaken_organic_share(visit_at,
                    platform, campaign_id, device, browser, country, page, kind))
                then {'source': 'google', 'medium': 'cpc', 'campaign': campaign_name}
            when has_braid and utm_source is null
                then {'source': 'google', 'medium': 'cpc', 'campaign': campaign_name}
            when utm_source is not null
                then {'source': utm_source, 'medium': utm_medium, 'campaign': utm_campaign}
            when referrer_host in ('www.google.com', 'www.bing.com', 'duckduckgo.com')
                then {'source': regexp_extract(referrer_host, '(www\\.)?([a-z]+)\\.com', 2),
                    'medium': 'organic', 'campaign': '(organic)'}
            when referrer_host in ('chatgpt.com', 'www.perplexity.ai')
                then {'source': regexp_replace(referrer_host, '^www\\.', ''),
                    'medium': 'ai-assistant', 'campaign': '(ai-assistant)'}
            when referrer_host is not null
                then {'source': regexp_replace(referrer_host, '^www\\.', ''),
                    'medium': 'referral', 'campaign': '(referral)'}
        end as origin
    from tracked
),
remembered as (
    select *,
        last_value(origin ignore nulls) over (
            partition by client_id order by visit_at, visit_id
            rows between unbounded preceding and current row) as last_origin,
        first_value(origin) over (
            partition by client_id order by visit_at, visit_id) as first_origin
    from believed
),
direct as (
    select {'source': '(direct)', 'medium': '(none)', 'campaign': '(direct)'} as origin
)
select visit_id, person_id, visit_at, device, country, analytics_consent, ads_consent, page,
    landing_page, referrer, kind, gclid, utm_source, utm_medium, utm_campaign, utm_content,
    utm_id, browser, platform, campaign_id, is_bot, is_converting, is_form_lost,
    -- Google's click ids are struck out of addresses where ads storage is refused
    case when ads_consent then landing_page
        else regexp_replace(landing_page, '[?&]gclid=[^&]*', '') end as landing_location,
    case when analytics_consent then client_id end as client_id,
    case when analytics_consent then ga_session_id end as ga_session_id,
    case when analytics_consent then coalesce(last_origin, direct.origin) end as session_origin,
    case when analytics_consent then coalesce(first_origin, direct.origin) end as first_origin,
    split_part(client_id, '.', 2)::bigint >= ga_session_id - 1 as is_new,
    case when analytics_consent and draw(person_id, 'account') < 0.2
        then 'hh_' || person_id end as user_id
from remembered
cross join direct;
"""

# What each visit did. Steps number the events of a visit; times spread them over it.
VISIT_DEPTHS = f"""
create table ga4_visits as
with goals as (
    select visit_id, ordered_at as goal_at, product_type, true as is_order from orders_drawn
    union all
    select visit_id, created_at, null, false from contacts_drawn
    union all
    select visit_id, created_at, null, false from returns_drawn
    union all
    -- the form was sent and thanked for; the CRM never heard of it
    select visit_id, later(visit_at, 120 + 1500 * draw(visit_id, 'asked after')), null, false
    from visits_drawn where is_form_lost and is_converting and kind <> 'shop'
),
opened as (
    select ga4_sessions.*, goal_at, product_type, coalesce(is_order, false) as is_order,
        case when is_bot then 2 when goal_at is not null then 3
            else 1 + floor(4 * pow(draw(ga4_sessions.visit_id, 'depth'), 1.4)) end as page_count
    from ga4_sessions
    left join goals using (visit_id)
)
select opened.*, ga4_purchases.* exclude (visit_id, order_id),
    ga4_purchases.order_id is not null as has_purchase,
    goal_at is not null and kind <> 'shop'
        and draw(visit_id, 'purchase tag')
            >= purchase_tag_loss(goal_at, 'lead', {VISIT_COLUMNS}) as has_lead,
    has_lead and draw(visit_id, 'doubled lead')
        < doubled_lead_share(goal_at, {VISIT_COLUMNS}) as is_lead_doubled,
    coalesce(product_type, product_of('all', draw(visit_id, 'looks'), visit_at, platform,
        campaign_id, device, browser, country)) as item,
    -- seconds from arrival to the last event
    coalesce(epoch(goal_at) - epoch(visit_at), 20 + 900 * pow(draw(visit_id, 'stays'), 3))
        as seconds,
    is_order or (kind = 'shop' and page_count > 1) as has_view,
    is_order or (has_view and not is_bot and draw(visit_id, 'basket') < 0.3) as has_basket,
    is_order or (has_basket and draw(visit_id, 'checkout') < 0.4) as has_checkout,
    -- what makes another session of the rest of a visit: nothing that knows the visitor crosses to
    -- the checkout, or the way back from where people pay counts as a referral
    case when client_id is null then null
        when has_checkout and draw(visit_id, 'linker lost')
            < linker_lost_share(visit_at, {VISIT_COLUMNS}) then site_of(kind, 0)
        when has_purchase and draw(visit_id, 'from payment')
            < payment_referral_share(visit_at, {VISIT_COLUMNS}) then 'https://www.paypal.com'
        end as second_referrer,
    draw(visit_id, 'session lost') < session_lost_share(visit_at, {VISIT_COLUMNS}) as is_unstarted
from opened
left join ga4_purchases using (visit_id);
"""

EVENTS = """
create or replace temp table ga4_chunk as
with steps as (
    select * from (values
        (1, 'session_start', 0.0), (2, 'first_visit', 0.0), (3, 'page_view', 0.0),
        (4, 'page_view', 0.2), (5, 'view_item', 0.3), (6, 'page_view', 0.5),
        (7, 'add_to_cart', 0.6), (8, 'begin_checkout', 0.75), (9, 'purchase', 1.0),
        (10, 'purchase', 1.0), (11, 'generate_lead', 1.0), (12, 'page_view', 0.7),
        (13, 'generate_lead', 1.0), (14, 'purchase', 1.0), (15, 'session_start', 0.74)
    ) as steps (step, event_name, way)
),
happened as (
    select v.*, steps.*, r.* exclude (visit_id), v.visit_id * 16 + step as event_id,
        event_clock_hours(visit_at, platform, campaign_id, device, browser, country, page, kind)
            as clock_hours,
        step <= 3 as is_landing,
        second_referrer is not null and step in (8, 9, 10, 15)
            and (step <> 8 or second_referrer not like '%paypal%') as is_second,
        step = 6 and draw(v.visit_id, 'banner') < banner_share(visit_at, platform, campaign_id,
            device, browser, country, page, kind) as has_banner,
        case when step in (9, 11) then shortly_after(goal_at, draw(v.visit_id, 'tag fires'))
            -- reloading the thank-you page fires it again
            when step in (10, 13) then shortly_after(
                goal_at, 2 + 600 * pow(draw(v.visit_id, 'reloaded'), 3))
            when step = 14 then shortly_after(room_booked_at, draw(v.visit_id, 'tag fires'))
            else shortly_after(visit_at, draw(v.visit_id, 'tag loads') + step * 0.0021
                + greatest(seconds - 2, 0) * way) end as event_at
    from ga4_visits as v
    left join rooms_seen as r on v.visit_id = r.visit_id
    cross join steps
    where v.visit_id >= $low and v.visit_id < $high
        and case step
            when 1 then analytics_consent and not is_unstarted
            when 2 then analytics_consent and is_new
            when 3 then true when 4 then page_count > 1 when 5 then has_view
            when 6 then page_count > 2 when 7 then has_basket when 8 then has_checkout
            when 9 then has_purchase when 10 then has_purchase and is_doubled
            when 11 then has_lead when 13 then is_lead_doubled
            when 14 then room_booked_at is not null
            when 15 then second_referrer is not null else page_count > 3 end
)
select event_id, event_at + to_seconds(3600 * clock_hours) as event_at, event_name, visit_id,
    case when is_second and second_referrer not like '%paypal%'
        then concat(draw_integer(visit_id, 'second cookie', 1000000000, 2147483647), '.',
            ga_session_id)
        else client_id end as client_id,
    ga_session_id + is_second::bigint * 7 as ga_session_id,
    case when step between 8 and 11 or step >= 13 then user_id end as user_id,
    case when is_landing then landing_location
        when step in (9, 10) then 'https://' || checkout_host() || '/checkouts/thank-you'
        when step = 15 then 'https://' || checkout_host() || '/checkouts'
        when step in (11, 13) then site_of(kind, 0) || '/enquiry/thank-you'
        when step = 14 then rooms_site() || '/confirmation'
        when step = 8 then 'https://' || checkout_host() || '/checkouts'
        when step in (5, 7) then site_of(kind, 0) || '/products/' || replace(item, '_', '-')
        else site_of(kind, 0) || page_of(kind, draw(event_id, 'next page'))
            || case when has_banner then '?utm_source=home&utm_medium=banner' else '' end
        end as page_location,
    case when is_landing then referrer when is_second then second_referrer || '/' else page end
        as page_referrer,
    case kind when 'shop' then 'Harbour House Shop' else 'Harbour House Weddings & Events' end
        as page_title,
    case when step in (4, 6, 8, 12) then (400 + 30000 * draw(event_id, 'engaged'))::int end
        as engagement_time_msec,
    -- the booking engine sends the reservation's number
    case when step in (9, 10) then ga4_transaction_id when step = 14 then reservation_id end
        as transaction_id,
    case when step in (9, 10) then happened.value when step = 14 then room_value end as value,
    case when step in (9, 10) then happened.tax end as tax,
    case when step in (9, 10) then happened.shipping end as shipping,
    case when step in (9, 10) then happened.currency when step = 14 then 'EUR' end as currency,
    case when step in (5, 7, 8, 9, 10) then 'SKU-' || upper(item) end as item_id,
    case when step in (5, 7, 8, 9, 10) then replace(item, '_', ' ') end as item_name,
    case when is_landing then gclid end as gclid,
    case when is_landing then utm_source when has_banner then 'home' end as manual_source,
    case when is_landing then utm_medium when has_banner then 'banner' end as manual_medium,
    case when is_landing then utm_campaign end as manual_campaign_name,
    case when is_landing then utm_id end as manual_campaign_id,
    case when is_landing then utm_content end as manual_content,
    case when session_origin is null then null
        when is_second then split_part(replace(second_referrer, 'www.', ''), '//', 2)
        when is_unstarted then '(not set)' else session_origin.source end as session_source,
    case when session_origin is null then null when is_second then 'referral'
        when is_unstarted then '(not set)' else session_origin.medium end as session_medium,
    case when session_origin is null then null when is_second then '(referral)'
        when is_unstarted then '(not set)' else session_origin.campaign end as session_campaign,
    first_origin.source as first_source, first_origin.medium as first_medium,
    device, browser, country,
    case when analytics_consent then 'Yes' else 'No' end as analytics_storage,
    case when ads_consent then 'Yes' else 'No' end as ads_storage,
    later(event_at, 1 + 3600 * ga4_delay_hours(event_at, platform, campaign_id, device, browser,
            country, page, kind)
        + case when draw(event_id, 'late') < late_event_share(event_at, platform, campaign_id,
            device, browser, country, page, kind)
        then 3600 * (6 + 66 * draw(event_id, 'lateness'))
        else 30 + 600 * draw(event_id, 'streamed') end) as known_at
from happened;
"""


def capture(con: duckdb.DuckDBPyConnection) -> None:
    """Make `ga4_purchases` and `ga4_visits`: what GA4 caught of orders and of visits."""
    cuts = ", ".join(VISIT)
    con.execute(f"""
        create macro is_tracked(id, consent, instant, {cuts}) as case when consent
            then draw(id, 'blocked') >= blocked_visit_share(instant, {cuts})
            else draw(id, 'cookieless') < cookieless_share(instant, {cuts}) end
    """)
    con.execute(f"create macro rooms_site() as '{ROOMS_SITE}'")
    con.execute(f"create macro checkout_host() as '{CHECKOUT_SITE.removeprefix('https://')}'")
    con.execute(PURCHASES)
    con.execute(SESSIONS)
    con.execute(VISIT_DEPTHS)


def tell_events(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Make the events a slice of visits at a time; each is table `ga4_chunk` while yielded."""
    low, high = con.execute("select min(visit_id), max(visit_id) from ga4_visits").fetchone()
    if low is None:
        low, high = 0, 0
    for first in range(low, high + 1, VISITS_PER_CHUNK):
        con.execute(EVENTS, {"low": first, "high": first + VISITS_PER_CHUNK})
        yield "ga4_chunk"
