{{ config(materialized="table") }}

-- Events and records nothing else ties together: each is the other's nearest, orders within a
-- quarter of an hour and of the same amount, leads with a form within five minutes.
with matched as (
    select
        journey_id,
        event_key
    from {{ ref("int_matches__transaction_id") }}
    union all
    select
        journey_id,
        event_key
    from {{ ref("int_matches__click_id") }}
),

used_events as (
    select event_key
    from matched
    where event_key is not null
),

journeys as (
    select
        journey_id,
        journey_type,
        journey_end_at,
        date_trunc('hour', journey_end_at) as journey_end_hour,
        expected_amount,
        goods_amount
    from {{ ref("int_journeys__unioned") }}
    where
        journey_id not in (select journey_id from matched)
        and is_time_known
        and is_from_web
),

events as (
    select
        event_key,
        journey_type,
        session_key,
        event_at,
        date_trunc('hour', event_at) as event_hour,
        amount,
        gross_amount
    from {{ ref("int_events__conversions") }}
    where
        is_reversal is not true
        and event_key not in (select event_key from used_events)
),

-- Each event looks into the hours around it. The hour is a column of one relation, because a
-- planner that may choose joins all events with all journeys of a type otherwise.
events_by_hour as (
    select
        *,
        event_hour as near_hour
    from events
    union all
    select
        *,
        event_hour + interval '1 hour' as near_hour
    from events
    union all
    select
        *,
        event_hour - interval '1 hour' as near_hour
    from events
),

pairs as (
    select
        journeys.journey_id,
        journeys.journey_type,
        events.event_key,
        events.session_key,
        abs({{ seconds_between("journeys.journey_end_at", "events.event_at") }}) as seconds_apart
    from events_by_hour as events
    inner join journeys
        on
            events.journey_type = journeys.journey_type
            and events.near_hour = journeys.journey_end_hour
    where
        (
            journeys.journey_type = 'lead'
            or {{ is_same_amount(
                "events.amount", "journeys.expected_amount", "journeys.goods_amount", 0, 0.02
            ) }}
            -- a tag may send the value without the tax it names beside it
            or {{ is_same_amount(
                "events.gross_amount", "journeys.expected_amount", "journeys.goods_amount", 0, 0.02
            ) }}
        )
        and abs({{ seconds_between("journeys.journey_end_at", "events.event_at") }})
        <= case journeys.journey_type when 'order' then 900 else 300 end
),

ranked as (
    select
        *,
        row_number() over (
            partition by journey_id order by seconds_apart, event_key
        ) as rank_of_event,
        row_number() over (
            partition by event_key order by seconds_apart, journey_id
        ) as rank_of_journey,
        count(*) over (partition by journey_id) + count(*) over (partition by event_key)
            as candidates
    from pairs
),

final as (
    select
        journey_id,
        event_key,
        session_key,
        case journey_type when 'order' then 'amount_and_time' else 'event_and_time' end
            as match_method,
        cast(
            case
                when candidates > 2 then 0.50
                when journey_type = 'order' then 0.80
                else 0.60
            end as decimal(3, 2)
        ) as match_confidence
    from ranked
    where rank_of_event = 1 and rank_of_journey = 1
)

select * from final
