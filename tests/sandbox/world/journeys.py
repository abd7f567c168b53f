"""Why they come: journeys of one to six visits, and what brings each visit.

A converting journey is drawn from its end: the day someone buys is the day of the demand,
and the first visit lies the conversion lag before it. Browsing journeys lead to nothing.
"""

import duckdb

from sandbox.world.dated import Course
from sandbox.world.draws import define_choice, define_dated_choice
from sandbox.world.people import COUNTRIES

# Shares of what brings a visit. `platform:purpose` is an ad; the rest costs nothing.
BRAND, GENERIC = "google_ads:brand_search", "google_ads:generic_search"
PMAX, DISPLAY = "google_ads:performance_max", "google_ads:retargeting"
WEDDINGS = "google_ads:weddings_search"
PROSPECTING, RETARGETING = "meta_ads:prospecting", "meta_ads:retargeting"
SHOP_MIXES = {
    "shop only": {
        BRAND: 0.26, GENERIC: 0.24, PMAX: 0.16, PROSPECTING: 0.14, RETARGETING: 0.03,
        "organic_search": 0.06, "direct": 0.05, "email": 0.04, "referral": 0.01,
        "organic_social": 0.01,
    },
    "shop first": {
        GENERIC: 0.30, PMAX: 0.20, PROSPECTING: 0.22, BRAND: 0.06, "organic_search": 0.10,
        "direct": 0.04, "email": 0.03, "referral": 0.03, "organic_social": 0.02,
    },
    "shop later": {
        BRAND: 0.30, PMAX: 0.07, GENERIC: 0.04, RETARGETING: 0.16, DISPLAY: 0.06, "direct": 0.18,
        "email": 0.09, "organic_search": 0.09, "referral": 0.01,
    },
    "shop last": {
        "direct": 0.42, "email": 0.17, "organic_search": 0.17, BRAND: 0.14, RETARGETING: 0.05,
        DISPLAY: 0.02, PMAX: 0.02, "referral": 0.01,
    },
    "shop browsing": {
        GENERIC: 0.20, PMAX: 0.15, PROSPECTING: 0.18, BRAND: 0.05, DISPLAY: 0.03,
        RETARGETING: 0.04, "organic_search": 0.18, "direct": 0.08, "email": 0.03,
        "referral": 0.03, "organic_social": 0.03,
    },
}  # fmt: skip
WEDDING_MIXES = {
    "wedding only": {
        WEDDINGS: 0.44, BRAND: 0.18, PROSPECTING: 0.14, "organic_search": 0.10, "direct": 0.05,
        "referral": 0.06, "organic_social": 0.03,
    },
    "wedding first": {
        WEDDINGS: 0.46, PROSPECTING: 0.22, BRAND: 0.04, "organic_search": 0.13, "direct": 0.04,
        "referral": 0.08, "organic_social": 0.03,
    },
    "wedding later": {
        BRAND: 0.27, WEDDINGS: 0.16, RETARGETING: 0.15, DISPLAY: 0.05, "direct": 0.18,
        "organic_search": 0.12, "email": 0.03, "referral": 0.04,
    },
    "wedding last": {
        "direct": 0.46, "organic_search": 0.22, "email": 0.07, BRAND: 0.14, WEDDINGS: 0.03,
        RETARGETING: 0.05, "referral": 0.03,
    },
    "wedding browsing": {
        WEDDINGS: 0.36, PROSPECTING: 0.22, BRAND: 0.04, DISPLAY: 0.02, RETARGETING: 0.04,
        "organic_search": 0.15, "direct": 0.06, "referral": 0.08, "organic_social": 0.03,
    },
}  # fmt: skip

JOURNEYS = """
create table journeys as
with counted as (
    select day, kind, converts, number,
        sum(number) over (order by converts desc, kind, day) - number as before
    from (
        select day, kind, true as converts, conversions as number from days
        union all
        select day, kind, false, browsers from days
    )
),
each as (
    select before + unnest(range(number)) as journey_id, day, kind, converts from counted
),
met as (
    select each.*,
        person_of(journey_id, (select count(*) from people_drawn), day, kind) as person_id
    from each
),
led as (
    select met.*, people_drawn.time_zone, country,
        converts and has_other_device
            and draw(journey_id, 'switch') < switch_device_share(day, kind, country)
            as is_other_device,
        draw(journey_id, 'lag') as lag_draw,
        draw(journey_id, 'lag length') as length_draw
    from met
    inner join people_drawn using (person_id)
),
lagged as (
    select *,
        case
            when not converts and draw(journey_id, 'returns')
                >= browser_returns_share(day, kind, country) then 0
            when not converts then 7200 * pow(160, length_draw)
            when lag_draw < same_visit_share(day, kind, country) and not is_other_device then 0
            when lag_draw < same_visit_share(day, kind, country)
                + within_day_share(day, kind, country) then 3600 * pow(24, length_draw)
            else 86400 * pow(longest_lag_days(day, kind, country), length_draw)
        end as lag_seconds
    from led
)
select journey_id, kind, converts, person_id, is_other_device, lag_seconds, country,
    date_trunc('second', from_local(time_zone, day + time_of_day(journey_id))) as ends_at,
    case
        when lag_seconds = 0 then 1
        when lag_seconds < 6 * 3600 then 2
        else 2 + floor(4 * pow(draw(journey_id, 'visits'), 2.2))::bigint
    end as visit_count
from lagged;
"""

# `step` counts a journey's visits from zero
ARRIVALS = """
create table arrivals as
with stepped as (
    select *, unnest(range(visit_count)) as step from journeys
),
placed as (
    select *,
        journey_id * 8 + step as arrival_id,
        case
            when step = visit_count - 1 then 1.0
            else (step + case when step = 0 then 0
                else 0.6 * (draw(journey_id * 8 + step, 'place') - 0.5) end) / (visit_count - 1)
        end as way
    from stepped
),
brought as (
    select arrival_id, journey_id, step, kind, person_id, false as is_bot,
        step = visit_count - 1 and converts as is_converting,
        step = visit_count - 1 and is_other_device as is_other_device,
        later(ends_at, - lag_seconds * (1 - way)) as visit_at,
        touch_of(
            concat(
                case kind when 'shop' then 'shop' else 'wedding' end,
                case when not converts then ' browsing' when visit_count = 1 then ' only'
                    when step = 0 then ' first' when step < visit_count - 1 then ' later'
                    else ' last' end
            ),
            draw(arrival_id, 'touch'), visit_at, country, kind
        ) as touch
    from placed
)
select row_number() over (order by visit_at, arrival_id) as visit_id, brought.*,
    serving.campaign_id, plans.platform,
    -- nobody's slice: the person finds the site without the ad
    case when position(':' in brought.touch) = 0 then brought.touch
        when campaign_id is null then 'organic_search'
        else channel_of(brought.touch, 0) end as channel
from brought
left join serving
    on visit_at::date = serving.day and brought.kind = serving.kind
    and brought.touch = serving.touch
    and draw(arrival_id, 'slice') >= slice_low and draw(arrival_id, 'slice') < slice_high
left join plans using (campaign_id);
"""

CHANNELS = {
    BRAND: "paid_search", GENERIC: "paid_search", PMAX: "paid_search", WEDDINGS: "paid_search",
    DISPLAY: "display", PROSPECTING: "paid_social", RETARGETING: "paid_social",
}  # fmt: skip


# Whoever comes without being anybody: from data centres, straight to a page, and gone again
BOTS = """
create table bot_arrivals as
select (select coalesce(max(visit_id), 0) from arrivals) + row_number() over (order by day, nth)
        as visit_id,
    (select coalesce(max(person_id), 0) from people_drawn) + row_number() over (order by day, nth)
        as person_id,
    9000000000000 + epoch(day)::bigint * 1000 + nth as arrival_id,
    to_microseconds((86400e6 * draw(arrival_id, 'bot comes'))::bigint) as time_of_day, day
from (select day, unnest(range(number)) as nth from bots);

insert into people_drawn by name
select person_id, 'US' as country, zone_of('US') as time_zone, true as analytics_consent,
    true as ads_consent, false as has_other_device,
    concat('nobody.', person_id, '@example.com') as email
from bot_arrivals;

insert into arrivals by name
select visit_id, person_id, arrival_id, arrival_id as journey_id, 0 as step, 'shop' as kind,
    true as is_bot, false as is_converting, false as is_other_device,
    date_trunc('second', day + time_of_day) as visit_at, 'direct' as touch, 'direct' as channel
from bot_arrivals;
"""


def walk_journeys(con: duckdb.DuckDBPyConnection, course: Course) -> None:
    """Make `journeys`, and `arrivals`: each visit's moment and the touch that brought it."""
    _choose_people(con, course)
    define_dated_choice(con, "touch_of", {**SHOP_MIXES, **WEDDING_MIXES}, course, "touch_weight")
    define_choice(con, "channel_of", {touch: {name: 1.0} for touch, name in CHANNELS.items()})
    con.execute(JOURNEYS)
    con.execute(ARRIVALS)
    con.execute(BOTS)


def _choose_people(con: duckdb.DuckDBPyConnection, course: Course) -> None:
    """Make macro `person_of`: whom a journey is drawn for, on a day with more of some countries.

    A person of a country that weighs less is passed over for the next one, up to seven times.
    """
    drawn = "1 + floor(draw(journey_id, '{}') * people)::bigint"
    moved = sorted(course.options("country_weight") & set(COUNTRIES))
    arms = []
    if moved:
        weights = [f"country_weight(instant, '{country}', kind)" for country in moved]
        most = f"greatest(1.0, {', '.join(weights)})"
        for attempt in range(7):
            candidate = drawn.format(f"person {attempt}" if attempt else "person")
            arms.append(
                f"when draw(journey_id, 'stays {attempt}') * {most} < country_weight(instant, "
                f"country_of('all', draw({candidate}, 'country')), kind) then {candidate}"
            )
    chosen = drawn.format("person 7" if arms else "person")
    body = f"case {' '.join(arms)} else {chosen} end" if arms else chosen
    con.execute(f"create macro person_of(journey_id, people, instant, kind) as {body}")
