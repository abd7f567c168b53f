-- Of the events of a day, how many come of browsers that may be known. It is counted in events,
-- because who may not be known has no visits; nor a country, as their events are counted by the day
-- alone. Where nobody was ever refused, consent is not asked, and nothing is said.
with pieces as (
    select
        source as system,
        record_date,
        session_key is not null as is_granted,
        event_count
    from {{ ref("int_sessions__days") }}
),

asked as (
    select system
    from pieces
    group by system
    having bool_or(not is_granted)
),

spans as (
    select * from {{ ref("int_signals__spans") }}
    where shape = 'events'
),

counted as (
    select
        system,
        record_date,
        sum(event_count) filter (where is_granted) as granted_events,
        sum(event_count) as events
    from pieces
    group by system, record_date
),

dated as (
    select
        'all' as dimension,
        'all' as segment,
        counted.system,
        counted.record_date as signal_date,
        coalesce(counted.granted_events, 0) as granted_events,
        counted.events,
        counted.record_date <= spans.filled_through as is_mature
    from counted
    inner join asked on counted.system = asked.system
    inner join spans
        on
            counted.system = spans.source
            and counted.record_date between spans.first_date and spans.last_date
),

final as (
    {{ signals_of("dated", [("consent_granted_share", "granted_events", "events", none)]) }}
)

select * from final
