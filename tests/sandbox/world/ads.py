"""What the ad platforms deliver and bill: clicks, views, and daily rows that settle."""

import duckdb

from sandbox.world.cuts import VISIT_COLUMNS

CLICKS = f"""
create table ad_clicks_drawn as
with clicked as (
    select click_id, platform, account_id, campaign_id, ad_group_id, ad_id, person_id,
        later(visit_at, -1 - 2 * draw(visit_id, 'page load')) as clicked_at, visit_id,
        ads_consent, click_id_lost, arrival_id,
        draw(arrival_id, 'bounced') < bounced_share(visit_at, {VISIT_COLUMNS}) as bounces
    from visits_drawn
    where campaign_id is not null
)
select * exclude (bounces) from clicked
union all
-- clicks whose page never loaded: billed and listed, but seen by nobody else
select substr(click_id, 1, 8) || click_letters(arrival_id, 'bounced'), platform, account_id,
    campaign_id, ad_group_id, ad_id, person_id,
    later(clicked_at, -20 - 1800 * draw(arrival_id, 'bounced before')), null, ads_consent, false,
    arrival_id
from clicked
where bounces;

create table ad_clicks as
select click_id, platform, account_id, campaign_id, ad_group_id, ad_id, person_id, clicked_at,
    known.visit_id
from ad_clicks_drawn
left join (select visit_id from visits) as known using (visit_id)
where local_date(zone_of_platform(platform), clicked_at) >= first_day()
    and local_date(zone_of_platform(platform), clicked_at) < end_day();
"""

# Views are kept only for people who convert: enough for view-through claims
VIEWS = """
create table ad_views_drawn as
with seen as (
    select goal, goal_id, platform, conversions.kind, person_id, converted_at, number, device,
        country,
        number * 8 + case platform when 'meta_ads' then 0 else 4 end + glance as view_draw
    from conversions
    cross join (select unnest(['meta_ads', 'google_ads']) as platform)
    cross join (select unnest(range(2)) as glance)
    where draw(number, 'sees ' || platform) < case platform when 'meta_ads'
            then meta_view_share(converted_at, kind, device, country)
            else google_view_share(converted_at, kind, device, country) end
        and (glance = 0 or draw(number, 'sees again ' || platform) < 0.4)
),
timed as (
    select *,
        -- ten minutes to thirty hours before; a second glance up to a week before
        later(converted_at, case when view_draw % 4 = 0
            then -600 * pow(180, draw(view_draw, 'viewed before'))
            else -86400 * (1 + 6 * draw(view_draw, 'viewed before')) end) as viewed_at,
        case when draw(view_draw, 'view purpose')
                < retargeting_view_share(converted_at, kind, device, country) then ':retargeting'
            when platform = 'meta_ads' then ':prospecting' else ':performance_max'
        end as purpose
    from seen
)
select timed.view_draw, timed.platform, account_id, plans.campaign_id, ad_group_id, ad_id,
    person_id, viewed_at
from timed
inner join serving
    on viewed_at::date = serving.day and timed.kind = serving.kind
    and concat(timed.platform, timed.purpose) = serving.touch
    and draw(view_draw, 'view slice') >= slice_low and draw(view_draw, 'view slice') < slice_high
inner join plans on serving.campaign_id = plans.campaign_id
inner join ad_places
    on plans.campaign_id = ad_places.campaign_id
    and place = floor(draw(view_draw, 'view place') * places)::bigint;

create table ad_views as
select row_number() over (order by viewed_at, view_draw) as view_id,
    platform, account_id, campaign_id, ad_group_id, ad_id, person_id, viewed_at
from ad_views_drawn
where viewed_at >= opens_at();
"""

AD_DAYS = """
create table ad_days as
with served as (
    select distinct serving.day as ad_date, campaign_id, ad_group_id, ad_id
    from serving
    inner join ad_places using (campaign_id)
),
clicked as (
    select local_date(zone_of_platform(platform), clicked_at) as ad_date,
        campaign_id, ad_group_id, ad_id, count(*) as clicks
    from ad_clicks_drawn
    group by all
),
places as (
    select ad_date, campaign_id, ad_group_id, ad_id from served
    union
    select ad_date, campaign_id, ad_group_id, ad_id from clicked
),
delivered as (
    select plans.platform, account_id, zone, places.campaign_id, places.ad_group_id, places.ad_id,
        places.ad_date,
        coalesce(clicked.clicks, 0) as clicks,
        click_cost * cost_factor(places.ad_date, plans.platform, places.campaign_id) as click_cost,
        click_rate * click_rate_factor(places.ad_date, plans.platform, places.campaign_id)
            as click_rate,
        row_key(places.campaign_id, coalesce(places.ad_id, 0), places.ad_date) as row_draw,
        row_key(places.campaign_id, 'day', places.ad_date) as day_draw
    from places
    inner join plans using (campaign_id)
    left join clicked
        on places.ad_date = clicked.ad_date and places.campaign_id = clicked.campaign_id
        and places.ad_id is not distinct from clicked.ad_id
    where places.ad_date >= first_day() and places.ad_date < end_day()
)
select *,
    greatest(clicks, round((clicks + 0.5 * draw(row_draw, 'unclicked')) / click_rate
        * exp(0.15 * draw_normal(row_draw, 'impressions'))))::bigint as impressions,
    -- billed in whole cents; the auction's mood is shared by a campaign's ads
    round(100 * clicks * click_cost * exp(0.10 * draw_normal(row_draw, 'cost')
        + 0.08 * draw_normal(day_draw, 'auction')))::bigint * 10000 as cost_micros,
    draw(row_draw, 'settles early') < 0.35 as settles_early
from delivered;
"""

# Version 1 appears an hour after the account's midnight and is still short of the truth
AD_DAILY = """
create table ad_daily as
with versions as (
    select *, unnest([1, 2, 3, 4]) as version from ad_days
),
shown as (
    select *,
        later(from_local(zone, (ad_date + 1)::timestamp),
            3600 + 86400 * case version when 1 then 0 when 2 then 1
                when 3 then quiet_days_to_settle() else 10 end
            + 3600 * ad_delay_hours(ad_date, platform, campaign_id)) as known_at,
        case when version = 4 then 1 - restated_share(ad_date, platform, campaign_id)
            when version = 3 or (version = 2 and settles_early) then 1.0
            when version = 2 then 0.98 + 0.025 * draw(row_draw, 'second look')
            else 0.92 + 0.09 * draw(row_draw, 'first look') end as seen
    from versions
    where case version when 4 then restated_share(ad_date, platform, campaign_id) > 0
        when 3 then not settles_early else true end
)
select platform, account_id, campaign_id, ad_group_id, ad_id, ad_date, version, known_at,
    greatest(round(impressions * least(seen, 1.0)), ceil(clicks * least(seen, 1.0)))::bigint
        as impressions,
    ceil(clicks * least(seen, 1.0))::bigint as clicks,
    (round(cost_micros / 10000 * seen) * 10000)::bigint as cost_micros
from shown;
"""

# The control total: every ad's row as it stood at that moment, and a little more
ACCOUNT_DAILY = """
create table account_daily as
with stood as (
    select platform, account_id, ad_date, moments.version, moments.known_at,
        impressions, clicks, cost_micros
    from ad_daily
    inner join (
        select distinct platform, account_id, ad_date, version, known_at from ad_daily
    ) as moments using (platform, account_id, ad_date)
    where ad_daily.version <= moments.version
    qualify row_number() over (
        partition by platform, ad_date, moments.version, campaign_id, ad_id
        order by ad_daily.version desc
    ) = 1
),
summed as (
    select platform, account_id, ad_date, version, known_at,
        sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
        sum(cost_micros)::bigint as cost_micros,
        row_key(platform, 'credited', ad_date) as day_draw
    from stood
    group by all
)
select platform, account_id, ad_date, version, known_at,
    impressions + impressions // 200 as impressions,
    clicks + clicks // 120 as clicks,
    cost_micros + cost_micros // 10000
        * floor(credited_cost_share(ad_date, platform) * 10000
            * (0.5 + draw(day_draw, 'credited')))::bigint
        as cost_micros
from summed;
"""


def deliver_clicks(con: duckdb.DuckDBPyConnection) -> None:
    """Make `ad_clicks_drawn` (all of them) and `ad_clicks` (those of the accounts' days)."""
    con.execute(CLICKS)


def show_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make `ad_views_drawn` and `ad_views`: what converting people saw without clicking."""
    con.execute(VIEWS)


def bill(con: duckdb.DuckDBPyConnection) -> None:
    """Make `ad_daily` and `account_daily`, in the versions the accounts show over time."""
    con.execute(AD_DAYS)
    con.execute(AD_DAILY)
    con.execute(ACCOUNT_DAILY)
