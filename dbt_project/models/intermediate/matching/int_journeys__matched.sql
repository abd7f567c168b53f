{{ config(materialized="table") }}

-- Every journey with what the web analytics saw of it, if it saw anything.
with matches as (
    select * from {{ ref("int_matches__transaction_id") }}
    union all
    select * from {{ ref("int_matches__click_id") }}
    union all
    select * from {{ ref("int_matches__nearest_event") }}
),

journeys as (
    select journey_id
    from {{ ref("int_journeys__unioned") }}
),

events as (
    select
        event_key,
        event_at,
        client_id,
        user_id,
        has_analytics_consent
    from {{ ref("int_events__conversions") }}
    where event_key in (select event_key from matches)
    qualify row_number() over (partition by event_key order by source) = 1
),

sessions as (
    select
        session_key,
        session_at,
        client_id,
        user_id,
        has_analytics_consent
    from {{ ref("int_sessions") }}
    where session_key in (select session_key from matches)
    qualify row_number() over (partition by session_key order by record_date) = 1
),

final as (
    select
        journeys.journey_id,
        coalesce(matches.match_method, 'none') as match_method,
        coalesce(matches.match_confidence, cast(0 as decimal(3, 2))) as match_confidence,
        matches.event_key,
        matches.session_key,
        coalesce(events.event_at, sessions.session_at) as seen_at,
        coalesce(events.client_id, sessions.client_id) as client_id,
        coalesce(events.user_id, sessions.user_id) as user_id,
        coalesce(events.has_analytics_consent, sessions.has_analytics_consent)
            as has_analytics_consent
    from journeys
    left join matches on journeys.journey_id = matches.journey_id
    left join events on matches.event_key = events.event_key
    left join sessions on matches.session_key = sessions.session_key
)

select * from final
