{{ config(materialized="table") }}

-- The order table decides what exists: an event that carries an order's id is that order's only if
-- it is near in time, and the nearest one in amount and time. A reused id matches once. Where only
-- the day of an order is known, any event of that day is near. Ids are compared as both systems
-- would spell them; of two events of one sale that of a known visit says more. One system may write
-- a prefix or a mark around the number the other has: then the amount has to be the same.
with journeys as (
    select
        journey_id,
        {{ comparable_id("transaction_id") }} as transaction_id,
        journey_end_at,
        journey_ended_by,
        expected_amount,
        goods_amount
    from {{ ref("int_journeys__unioned") }}
    where transaction_id is not null
    union all
    select
        journey_id,
        {{ comparable_id("other_transaction_id") }} as transaction_id,
        journey_end_at,
        journey_ended_by,
        expected_amount,
        goods_amount
    from {{ ref("int_journeys__unioned") }}
    where other_transaction_id is not null
),

events as (
    select
        event_key,
        {{ comparable_id("transaction_id") }} as transaction_id,
        event_at,
        session_key,
        amount,
        gross_amount
    from {{ ref("int_events__conversions") }}
    where
        journey_type = 'order'
        and transaction_id is not null
        and is_reversal is not true
),

-- Each id whole, and the number in it. Two numbers out of two ids are no evidence.
ids_of_journeys as (
    select
        journey_id,
        transaction_id,
        journey_end_at,
        journey_ended_by,
        expected_amount,
        goods_amount,
        true as is_whole
    from journeys
    union all
    select
        journey_id,
        {{ number_in_id("transaction_id") }} as transaction_id,
        journey_end_at,
        journey_ended_by,
        expected_amount,
        goods_amount,
        false as is_whole
    from journeys
    where {{ number_in_id("transaction_id") }} is not null
),

ids_of_events as (
    select
        event_key,
        transaction_id,
        event_at,
        session_key,
        amount,
        gross_amount,
        true as is_whole
    from events
    union all
    select
        event_key,
        {{ number_in_id("transaction_id") }} as transaction_id,
        event_at,
        session_key,
        amount,
        gross_amount,
        false as is_whole
    from events
    where {{ number_in_id("transaction_id") }} is not null
),

pairs as (
    select
        journeys.journey_id,
        events.event_key,
        events.session_key,
        journeys.is_whole and events.is_whole as is_same_id,
        greatest(
            {{ seconds_between("events.event_at", "journeys.journey_end_at") }},
            {{ seconds_between("journeys.journey_ended_by", "events.event_at") }},
            0
        ) as seconds_apart,
        (
            {{ is_same_amount(
                "events.amount", "journeys.expected_amount", "journeys.goods_amount", 0.02, 0.02
            ) }}
            or {{ is_same_amount(
                "events.gross_amount", "journeys.expected_amount", "journeys.goods_amount",
                0.02, 0.02
            ) }}
        ) as is_same_amount
    from ids_of_journeys as journeys
    inner join ids_of_events as events
        on
            journeys.transaction_id = events.transaction_id
            and (journeys.is_whole or events.is_whole)
            and events.event_at >= journeys.journey_end_at - interval '1 day'
            and events.event_at <= journeys.journey_ended_by + interval '3 days'
),

ranked as (
    select
        *,
        row_number() over (
            partition by journey_id
            order by
                is_same_id desc,
                is_same_amount desc,
                case when session_key is null then 1 else 0 end,
                seconds_apart,
                event_key
        ) as rank_of_event,
        row_number() over (
            partition by event_key
            order by is_same_id desc, is_same_amount desc, seconds_apart, journey_id
        ) as rank_of_journey
    from pairs
    where is_same_amount or (is_same_id and seconds_apart <= 3600)
),

final as (
    select
        journey_id,
        event_key,
        session_key,
        'transaction_id' as match_method,
        cast(
            case
                when not is_same_id then 0.85
                when is_same_amount then 1.00
                else 0.90
            end as decimal(3, 2)
        ) as match_confidence
    from ranked
    where rank_of_event = 1 and rank_of_journey = 1
)

select * from final
