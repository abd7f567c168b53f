"""What people typed before they came: queries behind Google's unpaid clicks and paid ones, and how
often the site was shown to those who did not click.

Clicks are the visits the other chapters tell of; queries, impressions and positions are drawn here
and nowhere else. About 47 % of unpaid clicks come of queries so rare that Google tells none
(https://vegaseotalks.com/?p=949).
"""

import duckdb

from sandbox.world.draws import define_choice

#: Where Google counts the days of Search Console.
ZONE = "America/Los_Angeles"
#: What the company calls itself, and what people make of it.
BRAND = {
    "harbour house": 0.46, "harbourhouse": 0.10, "harbour house cascais": 0.14,
    "Harbour-House shop": 0.08, "harbor house": 0.10, "harbour house gift voucher": 0.12,
}  # fmt: skip
GENERIC = {
    "shop": {
        "food hampers": 0.28, "luxury hampers portugal": 0.2, "spa day near lisbon": 0.22,
        "sea spa voucher": 0.12, "christmas hampers": 0.1, "corporate gifts delivered": 0.08,
    },
    "wedding": {
        "beach wedding portugal": 0.5, "wedding venue cascais": 0.35, "wedding prices lisbon": 0.15,
    },
    "event": {"offsite venue lisbon": 0.6, "company event by the sea": 0.4},
}  # fmt: skip
#: What nobody but one person types; the number is of the block for fiction.
PERSONAL = "harbour house booking +44 20 7946 0958"

CLICKS = f"""
create table organic_clicks as
with clicked as (
    select visit_id, visit_at, kind, page, device, country,
        local_date('{ZONE}', visit_at) as search_date,
        draw(visit_id, 'searched brand')
            < case when page like '%.example/'
                then home_brand_share(visit_at, page, device, country)
                else deep_brand_share(visit_at, page, device, country) end as is_brand
    from visits_drawn
    where channel = 'organic_search' and visit_at >= opens_at() and visit_at < closes_at()
        and (starts_with(referrer, 'https://www.google.com/')
            or starts_with(referrer, 'android-app://com.google.'))
)
select visit_id, search_date, page, is_brand,
    draw(visit_id, 'rare query')
        < case when is_brand then rare_brand_share(visit_at, page, device, country)
            else rare_generic_share(visit_at, page, device, country) end as is_rare,
    case when draw(visit_id, 'personal query')
            < personal_query_share(visit_at, page, device, country) then '{PERSONAL}'
        when is_brand then brand_query('all', draw(visit_id, 'query'))
        else generic_query(kind, draw(visit_id, 'query')) end as query
from clicked;
"""

SEARCHES = """
create table searches as
with shown as (
    select search_date, page, case when not is_rare then query end as query,
        is_brand, count(*) as clicks, min(visit_id) as first_visit_id
    from organic_clicks
    group by all
),
placed as (
    select *, row_key(page, coalesce(query, 'rare'), search_date) as row_draw,
        case when is_brand then 0.35 else 0.045 end as click_rate,
        case when is_brand then 1.3 else 6.5 end as place
    from shown
),
counted as (
    select search_date, page, query, clicks,
        clicks + floor((clicks + draw(row_draw, 'unclicked search')) * (1 / click_rate - 1)
            * exp(0.2 * draw_normal(row_draw, 'impressions of search')))::bigint as impressions,
        greatest(1.0, place * exp(0.15 * draw_normal(row_draw, 'place'))) as place
    from placed
    union all
    -- a page that was shown on the day and that nobody clicked for this query
    select search_date, page, 'harbour hampers reviews', 0,
        1 + floor(6 * draw(row_draw, 'never clicked'))::bigint, 18.0
    from placed
    where query = 'food hampers'
)
select search_date, page, query, sum(impressions)::bigint as impressions,
    sum(clicks)::bigint as clicks,
    -- places are whole, and so is their sum
    sum(round(impressions * place))::bigint as positions
from counted
group by all;
"""

#: How the impressions of an ad are shared by what was typed; what is left of them Google hides.
TERMS = """
create table ad_search_terms as
with typed as (
    select ads.campaign_id, ads.ad_group_id, ads.ad_id, kind, purpose, unnest([1, 2, 3]) as place
    from ads
    inner join (
        select campaign_id, purpose, kinds[1] as kind from plans
        where platform = 'google_ads' and campaign_type in ('SEARCH', 'SHOPPING')
    ) using (campaign_id)
),
drawn as (
    select campaign_id, ad_group_id, ad_id,
        case when purpose = 'brand_search' or place = 3
            then brand_query('all', draw(row_key(ad_id, place, 'term'), 'term'))
            else generic_query(kind, draw(row_key(ad_id, place, 'term'), 'term')) end
            as search_term,
        -- a generic campaign catches some of those who look for the company itself
        case place when 1 then 0.45 when 2 then 0.2 else 0.06 end as share
    from typed
)
select campaign_id, ad_group_id, ad_id, search_term, sum(share) as share
from drawn
group by all;
"""


def type_queries(con: duckdb.DuckDBPyConnection) -> None:
    """Make `searches`, what Google's unpaid results showed, and `ad_search_terms`."""
    define_choice(con, "brand_query", {"all": BRAND})
    define_choice(con, "generic_query", GENERIC)
    for chapter in (CLICKS, SEARCHES, TERMS):
        con.execute(chapter)
