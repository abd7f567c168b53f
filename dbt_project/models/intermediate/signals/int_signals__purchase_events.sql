-- What the purchase events of a day say: whether they have an id, that of an order, each once; and
-- of those that were matched with an order, whether amount and currency are the order's.
with compared as (
    select * from {{ ref("int_signals__purchases_compared") }}
),

spans as (
    select * from {{ ref("int_signals__spans") }}
),

-- An id may be one of an order that is not landed yet.
orders_known as (
    select
        min(first_date) as first_date,
        min(last_date) as last_date
    from spans
    where shape in ('orders', 'bookings')
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
        count(is_value_same) as comparable_events,
        count(*) filter (where is_value_same) as events_of_same_value,
        count(is_currency_same) as events_with_currency,
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
