{{ config(materialized="table") }}

-- Orders and contacts that carry the click id of a session, where no transaction id matched.
with matched as (
    select
        journey_id,
        event_key
    from {{ ref("int_matches__transaction_id") }}
),

journeys as (
    select
        journey_id,
        journey_type,
        journey_end_at,
        journey_ended_by,
        expected_amount,
        goods_amount,
        click_id
    from {{ ref("int_journeys__unioned") }}
    where click_id is not null and journey_id not in (select journey_id from matched)
),

sessions as (
    select
        session_key,
        session_at,
        click_id
    from {{ ref("int_sessions") }}
    where click_id is not null
),

events as (
    select
        event_key,
        journey_type,
        session_key,
        event_at,
        amount,
        gross_amount
    from {{ ref("int_events__conversions") }}
    where
        session_key is not null
        and is_reversal is not true
        and event_key not in (select event_key from matched)
),

pairs as (
    select
        journeys.journey_id,
        journeys.journey_type,
        sessions.session_key,
        events.event_key,
        {{ seconds_between("sessions.session_at", "journeys.journey_ended_by") }} as seconds_apart,
        (
            {{ is_same_amount(
                "events.amount", "journeys.expected_amount", "journeys.goods_amount", 0.02, 0.02
            ) }}
            or {{ is_same_amount(
                "events.gross_amount", "journeys.expected_amount", "journeys.goods_amount",
                0.02, 0.02
            ) }}
        ) as is_same_amount
    from journeys
    inner join sessions
        on
            journeys.click_id = sessions.click_id
            and sessions.session_at >= journeys.journey_end_at - interval '1 day'
            and sessions.session_at <= journeys.journey_ended_by + interval '10 minutes'
    left join events
        on
            sessions.session_key = events.session_key
            and journeys.journey_type = events.journey_type
            and events.event_at >= journeys.journey_end_at - interval '1 hour'
            and events.event_at <= journeys.journey_ended_by + interval '1 hour'
),

-- The latest session before the conversion, and in it an event of the same amount if there is one.
best as (
    select * from pairs
    qualify
        row_number() over (
            partition by journey_id
            order by
                case when event_key is null then 1 else 0 end,
                is_same_amount desc,
                abs(seconds_apart),
                session_key,
                event_key
        ) = 1
),

-- An event is one conversion's: of several journeys the nearest keeps it, the others the session.
claimed as (
    select
        *,
        event_key is not null
        and row_number() over (
            partition by event_key
            order by is_same_amount desc, abs(seconds_apart), journey_id
        ) = 1 as has_event
    from best
),

final as (
    select
        journey_id,
        case when has_event then event_key end as event_key,
        session_key,
        case journey_type when 'order' then 'click_id' else 'crm_click_id' end as match_method,
        cast(
            case
                when has_event and is_same_amount then 0.95
                when has_event then 0.85
                else 0.70
            end as decimal(3, 2)
        ) as match_confidence
    from claimed
)

select * from final
