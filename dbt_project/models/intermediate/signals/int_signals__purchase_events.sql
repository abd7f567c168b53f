-- What the purchase events of a day say: whether they have an id, that of an order, each once; and
-- of those that were matched with an order, whether amount and currency are the order's. Amounts
-- are compared as the matching does it; how they differ is a mix of its own, because a factor names
-- its cause.
with events as (
    select
        event_key,
        source,
        event_date,
        comparable_id,
        amount_local,
        amount,
        gross_amount,
        currency_code
    from {{ ref("int_events__conversions") }}
    where journey_type = 'order' and is_reversal is not true
),

ids as (
    select {{ comparable_id("transaction_id") }} as comparable_id
    from {{ ref("int_conversions__unioned") }}
    where record_type in ('order', 'booking')
    union
    select {{ comparable_id("other_transaction_id") }} as comparable_id
    from {{ ref("int_conversions__unioned") }}
    where record_type in ('order', 'booking')
),

spans as (
    select * from {{ ref("int_signals__spans") }}
),

orders_known as (
    select
        min(first_date) as first_date,
        min(last_date) as last_date
    from spans
    where shape in ('orders', 'bookings')
),

-- An event is one journey's, so nothing is counted twice.
matched as (
    select
        matched.event_key,
        journeys.expected_amount,
        journeys.goods_amount,
        recorded.currency_code
    from {{ ref("int_journeys__matched") }} as matched
    inner join {{ ref("int_journeys__unioned") }} as journeys
        on matched.journey_id = journeys.journey_id
    inner join {{ ref("int_conversions__unioned") }} as recorded
        on matched.journey_id = recorded.journey_id
    where matched.event_key is not null and journeys.journey_type = 'order'
    qualify
        row_number() over (partition by matched.event_key order by recorded.conversion_id) = 1
),

compared as (
    select
        events.source,
        events.event_date,
        events.comparable_id,
        events.comparable_id is not null as has_id,
        ids.comparable_id is not null as is_id_known,
        coalesce(events.amount_local, 0) != 0 as has_value,
        matched.event_key is not null as is_matched,
        matched.expected_amount,
        events.amount / nullif(matched.expected_amount, 0) as factor,
        {{ is_same_amount(
            "events.amount", "matched.expected_amount", "matched.goods_amount", 0.02, 0.02
        ) }}
        or {{ is_same_amount(
            "events.gross_amount", "matched.expected_amount", "matched.goods_amount", 0.02, 0.02
        ) }} as is_value_same,
        events.currency_code = matched.currency_code as is_currency_same
    from events
    left join ids on events.comparable_id = ids.comparable_id
    left join matched on events.event_key = matched.event_key
),

counted as (
    select
        source,
        event_date,
        count(*) as events,
        count(*) filter (where has_value) as events_with_value,
        count(*) filter (where has_id) as events_with_id,
        count(distinct comparable_id) as ids,
        count(*) filter (where is_id_known) as events_with_known_id,
        count(*) filter (where is_matched and has_value and expected_amount > 0)
            as comparable_events,
        count(*) filter (where is_matched and has_value and expected_amount > 0 and is_value_same)
            as events_of_same_value,
        count(*) filter (where is_currency_same is not null) as events_with_currency,
        count(*) filter (where is_currency_same) as events_of_same_currency,
        sum(expected_amount) as expected_amount
    from compared
    group by source, event_date
),

dated as (
    select
        'all' as dimension,
        'all' as segment,
        counted.source as system,
        counted.event_date as signal_date,
        counted.*,
        case
            when counted.event_date between orders_known.first_date and orders_known.last_date
                then counted.events_with_known_id
        end as known_ids,
        counted.event_date <= spans.filled_through as is_mature
    from counted
    inner join spans
        on
            counted.source = spans.source
            and spans.shape = 'events'
            and counted.event_date between spans.first_date and spans.last_date
    cross join orders_known
),

final as (
    {{ signals_of("dated", [
        ("events_per_id", "events_with_id", "ids", none),
        ("event_id_filled", "events_with_id", "events", none),
        ("event_id_known", "known_ids", "events_with_id", none),
        ("event_value_filled", "events_with_value", "events", none),
        ("event_value_agrees", "events_of_same_value", "comparable_events", "expected_amount"),
        ("event_currency_agrees", "events_of_same_currency", "events_with_currency", none),
    ]) }}
)

select * from final
