{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="journey_id",
) }}

-- Matching is one question over all orders and events, so it is asked anew in every build; what
-- answers differently from before is marked with the build, for the models behind it.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

matches as (
    select * from {{ ref("int_matches__transaction_id") }}
    union all
    select * from {{ ref("int_matches__click_id") }}
    union all
    select * from {{ ref("int_matches__nearest_event") }}
),

journeys as (
    select
        journey_id,
        journey_end_date
    from {{ ref("int_journeys__unioned") }}
),

events as (
    select
        event_key,
        event_at,
        client_id,
        user_id,
        has_analytics_consent
    from {{ ref("int_ga4__conversions") }}
),

sessions as (
    select
        session_key,
        session_at,
        client_id,
        user_id,
        has_analytics_consent
    from {{ ref("int_ga4__sessions") }}
    where session_key in (select session_key from matches)
    qualify row_number() over (partition by session_key order by record_date) = 1
),

final as (
    select
        journeys.journey_id,
        journeys.journey_end_date,
        coalesce(matches.match_method, 'none') as match_method,
        coalesce(matches.match_confidence, cast(0 as decimal(3, 2))) as match_confidence,
        matches.event_key,
        matches.session_key,
        coalesce(events.event_at, sessions.session_at) as seen_at,
        coalesce(events.client_id, sessions.client_id) as client_id,
        coalesce(events.user_id, sessions.user_id) as user_id,
        coalesce(events.has_analytics_consent, sessions.has_analytics_consent)
            as has_analytics_consent,
        build.build_id as changed_by_build_id
    from journeys
    cross join build
    left join matches on journeys.journey_id = matches.journey_id
    left join events on matches.event_key = events.event_key
    left join sessions on matches.session_key = sessions.session_key
)

select final.*
from final
{% if is_incremental() %}
    left join {{ this }} as before on final.journey_id = before.journey_id
    where
        before.journey_id is null
        or final.journey_end_date is distinct from before.journey_end_date
        or final.match_method is distinct from before.match_method
        or final.match_confidence is distinct from before.match_confidence
        or final.event_key is distinct from before.event_key
        or final.session_key is distinct from before.session_key
        or final.seen_at is distinct from before.seen_at
        or final.client_id is distinct from before.client_id
        or final.user_id is distinct from before.user_id
        or final.has_analytics_consent is distinct from before.has_analytics_consent
{% endif %}
