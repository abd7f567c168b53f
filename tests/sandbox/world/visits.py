"""What the browser saw: cookies, click ids, landing pages and referrers of every visit."""

import duckdb

from sandbox.world.cuts import VISIT_COLUMNS
from sandbox.world.dated import Course
from sandbox.world.draws import define_choice, define_dated_choice
from sandbox.world.plans import CHECKOUT_SITE, SHOP_SITE, WEDDINGS_SITE

PAGES = {
    "shop": {
        "/": 0.20, "/collections/hampers": 0.25, "/products/harbour-hamper": 0.18,
        "/collections/spa": 0.15, "/products/sea-spa-day": 0.12, "/gift-vouchers": 0.10,
    },
    "wedding": {"/": 0.5, "/venue": 0.3, "/prices": 0.2},
    "event": {"/company-events": 0.8, "/venue": 0.2},
}  # fmt: skip
DEVICES = {
    "paid_social": {"mobile": 0.88, "desktop": 0.08, "tablet": 0.04},
    "other": {"mobile": 0.55, "desktop": 0.40, "tablet": 0.05},
    "second": {"desktop": 0.85, "tablet": 0.15},
}
BROWSERS = {
    "desktop": {"Chrome": 0.62, "Safari": 0.18, "Edge": 0.13, "Firefox": 0.07},
    "mobile": {"Chrome": 0.45, "Safari": 0.46, "Samsung Internet": 0.09},
    "tablet": {"Safari": 0.7, "Chrome": 0.3},
}
REFERRERS = {
    "organic_search": {
        "https://www.google.com/": 0.87,
        "android-app://com.google.android.googlequicksearchbox/": 0.05,
        "https://www.bing.com/": 0.05, "https://duckduckgo.com/": 0.03,
    },
    "paid_search": {"https://www.google.com/": 1.0},
    "shopping": {"https://www.google.com/": 1.0},
    "video": {"https://www.youtube.com/": 1.0},
    "demand_gen": {"https://www.youtube.com/": 0.6, "https://www.google.com/": 0.4},
    "display": {"https://googleads.g.doubleclick.net/": 1.0},
    "paid_social": {"https://l.facebook.com/": 0.7, "https://l.instagram.com/": 0.3},
    "organic_social": {"https://l.facebook.com/": 0.6, "https://l.instagram.com/": 0.4},
    "referral": {
        "https://www.seaside-venues.example/": 0.5, "https://gift-ideas.example/": 0.3,
        "https://coast-magazine.example/": 0.12, "https://chatgpt.com/": 0.06,
        "https://www.perplexity.ai/": 0.02,
    },
    # a visit that goes on: from where people pay, from the company's own checkout, from a login
    "way back": {
        "https://www.paypal.com/": 0.5, CHECKOUT_SITE + "/": 0.3,
        "https://accounts.google.com/": 0.2,
    },
    # ads of platforms whose accounts the company has not joined: only the link tells
    "ttclid": {"https://www.tiktok.com/": 1.0},
}  # fmt: skip

COOKIES = """
-- a cookie is a random number and the second of the person's first visit on that device
create table cookies as
select person_id,
    concat(draw_integer(person_id, 'cookie', 1000000000, 2147483647), '.',
        epoch(min(visit_at) filter (not is_other_device))::bigint
        - case when draw(person_id, 'older cookie') < older_cookie_share(min(visit_at))
            then draw_integer(person_id, 'cookie age', 86400, 17280000) else 0 end) as client_id,
    case when any_value(has_other_device) then
        concat(draw_integer(person_id, 'other cookie', 1000000000, 2147483647), '.',
            epoch(min(visit_at))::bigint - draw_integer(person_id, 'other age', 0, 17280000))
    end as other_client_id
from arrivals
inner join people_drawn using (person_id)
group by person_id;
"""

VISITS = f"""
create table visits_drawn as
with equipped as (
    select arrivals.*, plans.suffix, plans.slug, plans.account_id, people_drawn.country,
        case when is_other_device then other_client_id else client_id end as client_id,
        coalesce(landing,
            site_of(arrivals.kind, 0) || page_of(arrivals.kind, draw(visit_id, 'page'))) as page,
        device_of(case when is_other_device then 'second'
            when channel = 'paid_social' then 'paid_social' else 'other' end,
            draw(case when is_other_device then visit_id else person_id end, 'device'),
            visit_at, arrivals.platform, people_drawn.country, arrivals.kind
        ) as device,
        browser_of(device, draw(person_id, 'browser')) as browser
    from arrivals
    inner join people_drawn using (person_id)
    inner join cookies using (person_id)
    left join plans using (campaign_id)
),
met as (
    select *,
        allows_analytics(person_id, visit_at, {VISIT_COLUMNS}) as analytics_consent,
        allows_ads(person_id, visit_at, {VISIT_COLUMNS}) as ads_consent,
        draw(visit_id, 'click id lost') as lost_draw,
        click_id_lost_share(visit_at, {VISIT_COLUMNS}) as lost_share,
        query_lost_share(visit_at, {VISIT_COLUMNS}) as query_share,
        draw(visit_id, 'utm lost') < utm_lost_share(visit_at, {VISIT_COLUMNS}) as utm_lost,
        draw(visit_id, 'utm renamed') < utm_renamed_share(visit_at, {VISIT_COLUMNS})
            as utm_renamed,
        draw(visit_id, 'medium strange') < medium_strange_share(visit_at, {VISIT_COLUMNS})
            as medium_strange,
        draw(visit_id, 'referrer lost') < referrer_lost_share(visit_at, {VISIT_COLUMNS})
            as referrer_lost,
        draw(visit_id, 'fails') < case kind
            when 'shop' then checkout_failure_share(visit_at, {VISIT_COLUMNS})
            else form_failure_share(visit_at, {VISIT_COLUMNS}) end as fails,
        case when channel = 'organic_search'
                and referrer_of(channel, draw(visit_id, 'referrer')) = 'https://www.bing.com/'
                and draw(visit_id, 'bing ad') < bing_ad_share(visit_at, {VISIT_COLUMNS})
                then 'msclkid'
            when channel = 'organic_social'
                and draw(visit_id, 'tiktok ad') < tiktok_ad_share(visit_at, {VISIT_COLUMNS})
                then 'ttclid' end as other_ad,
        draw(visit_id, 'organic fbclid') < organic_fbclid_share(visit_at, {VISIT_COLUMNS})
            as has_organic_fbclid
    from equipped
),
clicked as (
    select met.*, ad_group_id, ad_id,
        case when other_ad is not null then other_ad
            when met.platform = 'google_ads' then 'gclid'
            when met.platform = 'meta_ads' then 'fbclid'
            when channel = 'organic_social' and has_organic_fbclid then 'fbclid'
        end as click_id_kind,
        lost_draw < lost_share and met.campaign_id is not null as click_id_lost,
        lost_draw < lost_share * query_share and met.campaign_id is not null as query_lost
    from met
    left join ad_places
        on met.campaign_id = ad_places.campaign_id
        and place = floor(pow(draw(visit_id, 'place'), 1.4) * places)::bigint
),
identified as (
    select *,
        -- the company's convention: Meta's tags name the ad, Google leans on the click id
        platform is not null and not query_lost and not utm_lost and suffix = 'utm' as is_tagged,
        case when click_id_kind = 'gclid' then 'Cj0KCQjw' || click_letters(visit_id, 'click')
            when click_id_kind = 'fbclid' then 'IwY2xjaw' || click_letters(visit_id, 'click')
            when other_ad is not null then click_letters(visit_id, 'click') end as click_id,
        -- where no gclid may be: iOS, or no consent
        platform = 'google_ads' and click_id_lost and not query_lost
            and draw(visit_id, 'braid') < braid_share(visit_at, {VISIT_COLUMNS}) as has_braid,
        draw(visit_id, 'referrer') as referrer_draw
    from clicked
),
tagged as (
    select *,
        case when referrer_lost then null
            when channel = 'direct' and not is_bot
                and draw(visit_id, 'way back') < way_back_share(visit_at, {VISIT_COLUMNS})
            then referrer_of('way back', referrer_draw)
            when other_ad = 'ttclid' then referrer_of(other_ad, referrer_draw)
            else referrer_of(channel, referrer_draw) end as referrer,
        case when channel = 'email' and not utm_lost then
                case when draw(visit_id, 'capitals') < 0.1 then 'Newsletter' else 'newsletter' end
            when not is_tagged then null
            when platform = 'google_ads' then 'google'
            when referrer_draw < 0.7 then 'facebook' else 'instagram' end as utm_source,
        case when utm_source = 'Newsletter' then 'Email'
            when channel = 'email' and not utm_lost then 'email'
            when not is_tagged then null
            when medium_strange then 'harbour-partners'
            when platform = 'google_ads' then 'cpc' else 'paid_social' end as utm_medium,
        case when channel = 'email' and not utm_lost then strftime(visit_at, 'news-%Y-%m')
            when is_tagged and utm_renamed then upper(replace(slug, '-', '_'))
            when is_tagged then slug end as utm_campaign,
        case when is_tagged or (suffix = 'id' and not query_lost and not utm_lost)
            then campaign_id end as utm_id,
        case when is_tagged and platform = 'meta_ads' then ad_id end as utm_content,
        concat_ws('&', 'utm_source=' || utm_source, 'utm_medium=' || utm_medium,
            'utm_campaign=' || utm_campaign, 'utm_id=' || utm_id, 'utm_content=' || utm_content,
            case when has_braid then concat('gad_source=1&gad_campaignid=', campaign_id,
                case when draw(visit_id, 'app') < 0.5 then '&gbraid=' else '&wbraid=' end,
                '0AAAA', click_letters(visit_id, 'braid')) end,
            case when not click_id_lost then click_id_kind || '=' || click_id end) as query
    from identified
)
select visit_id, arrival_id, journey_id, kind, step, person_id, visit_at, client_id,
    epoch(visit_at)::bigint as ga_session_id,
    case other_ad when 'msclkid' then 'paid_search' when 'ttclid' then 'paid_social'
        else channel end as channel, platform, account_id, campaign_id,
    ad_group_id, ad_id, click_id, click_id_kind, click_id_lost, utm_source, utm_medium,
    utm_campaign, utm_content, utm_id, page,
    case when query = '' then page else concat(page, '?', query) end as landing_page,
    referrer, device, browser, country, analytics_consent, ads_consent,
    is_converting and not fails as is_converting, is_other_device, has_braid, is_bot,
    draw(visit_id, 'form lost') < form_lost_share(visit_at, {VISIT_COLUMNS}) as is_form_lost
from tagged;
"""

KEPT_VISITS = """
create table visits as
select visit_id, person_id, visit_at, client_id, ga_session_id,
    -- whom a campaign is for is no matter of where it is shown
    case when purpose = 'retargeting' then 'retargeting'
        when channel = 'referral' and referrer similar to '.*(chatgpt|perplexity).*'
            then 'ai_assistant'
        else channel end as channel,
    visits_drawn.platform, campaign_id, ad_group_id, ad_id, click_id, click_id_kind, click_id_lost,
    utm_source, utm_medium, utm_campaign, utm_content, landing_page, referrer, device, country,
    analytics_consent, ads_consent
from visits_drawn
left join (select campaign_id, purpose from plans) as plans using (campaign_id)
where visit_at >= opens_at() and visit_at < closes_at();
"""


def arrive(con: duckdb.DuckDBPyConnection, course: Course) -> None:
    """Make `cookies`, `visits_drawn` (all of them) and `visits` (those in the range)."""
    define_choice(con, "page_of", PAGES)
    define_dated_choice(con, "device_of", DEVICES, course, "device_weight")
    define_choice(con, "browser_of", BROWSERS)
    define_choice(con, "referrer_of", REFERRERS)
    define_choice(con, "site_of", {
        kind: {SHOP_SITE if kind == "shop" else WEDDINGS_SITE: 1.0} for kind in PAGES
    })  # fmt: skip
    con.execute("""
        -- 40 letters and digits whose case matters, as in real click ids
        create macro click_letters(id, what) as
            to_base64(encode(substr(draw_letters(id, what), 1, 30)))
    """)
    con.execute(COOKIES)
    con.execute(VISITS)
    con.execute(KEPT_VISITS)
