-- What became of the events a server sent, by where they were sent: accepted of those that were
-- judged, and which the browser sent as well, under the same id where ids are those of sales, for
-- only then are the two taken for one. A request that was taken in part counts by how many of its
-- events were, for the more events a request has, the seldomer all of it is taken, and what is left
-- of a busy day would say little. Of orders, how many an event speaks of that the destination took
-- and is not known to have rejected, and under how many ids. A destination is asked of the records
-- it was ever sent, and of no others; nor of an order that was sent while nobody knows whether it
-- was taken.
with judged as (
    select
        destination,
        action,
        event_id,
        conversion_id,
        transaction_count,
        sent_date,
        outcome,
        accepted_share,
        coalesce(is_received, false) and outcome != 'rejected' as is_taken,
        has_browser_event,
        {{ comparable_id("event_id") }} = {{ comparable_id("transaction_id") }} as has_sales_id
    from {{ ref("int_server_events__judged") }}
    where not is_test
),

events as (
    select
        *,
        case
            when bool_or(has_sales_id) over (partition by destination, action)
                then has_browser_event and has_sales_id
            else has_browser_event
        end as is_shared
    from judged
),

conversions as (
    select
        conversion_id,
        source,
        record_type,
        conversion_date,
        gross_amount
    from {{ ref("int_conversions__reconciled") }}
    where record_type in ('order', 'booking') and status not in ('void', 'pending')
),

spans as (
    select * from {{ ref("int_signals__spans") }}
),

sent as (
    select
        min(first_date) as first_date,
        min(last_date) as last_date,
        min(filled_through) as filled_through
    from spans
    where shape = 'server_events'
),

outcomes as (
    select
        sent_date,
        {{ dimension_and_segment(["destination", "action"]) }},
        round(sum(accepted_share)) as accepted_events,
        count(accepted_share) as judged_events,
        count(*) filter (where is_shared) as shared_events,
        count(has_browser_event) as comparable_events
    from (
        select
            sent_date,
            destination,
            destination || ' ' || action as action,
            accepted_share,
            has_browser_event,
            is_shared
        from events
    ) as named
    group by {{ day_and_segments("sent_date", ["destination", "action"]) }}
),

of_outcomes as (
    select
        outcomes.*,
        case
            when outcomes.dimension = 'all' then 'all' else split_part(outcomes.segment, ' ', 1)
        end
            as system,
        outcomes.sent_date as signal_date,
        outcomes.sent_date <= sent.filled_through as is_mature
    from outcomes
    inner join sent on outcomes.sent_date between sent.first_date and sent.last_date
    where outcomes.dimension != 'all'
),

sent_orders as (
    select
        destination,
        conversion_id,
        count(distinct event_id) filter (where outcome = 'accepted') as ids,
        -- one id of several orders
        sum(greatest(transaction_count - 1, 0)) filter (where outcome = 'accepted')
            as merged_orders,
        bool_or(is_taken) as is_taken,
        bool_and(outcome = 'unknown') and not bool_or(is_taken) as is_unknown
    from events
    where conversion_id is not null
    group by destination, conversion_id
),

-- What kinds of records a destination is sent.
asked as (
    select distinct
        events.destination,
        conversions.source,
        conversions.record_type
    from events
    inner join conversions on events.conversion_id = conversions.conversion_id
),

covered as (
    select
        asked.destination,
        conversions.conversion_date,
        count(*) filter (where sent_orders.is_taken) as orders_sent,
        sum(sent_orders.ids) as ids,
        count(*) filter (where sent_orders.ids > 0)
        + coalesce(sum(sent_orders.merged_orders), 0) as orders_with_merged,
        count(*) as orders,
        sum(conversions.gross_amount) as gross_amount
    from asked
    inner join conversions
        on
            asked.source = conversions.source
            and asked.record_type = conversions.record_type
    left join sent_orders
        on
            asked.destination = sent_orders.destination
            and conversions.conversion_id = sent_orders.conversion_id
    where sent_orders.is_unknown is not true
    group by asked.destination, conversions.conversion_date
),

of_orders as (
    select
        covered.*,
        'destination' as dimension,
        covered.destination as segment,
        covered.destination as system,
        covered.conversion_date as signal_date,
        covered.conversion_date <= sent.filled_through as is_mature
    from covered
    inner join sent on covered.conversion_date between sent.first_date and sent.last_date
),

final as (
    {{ signals_of("of_outcomes", [
        ("server_accepted_share", "accepted_events", "judged_events", none),
        ("server_overlap_share", "shared_events", "comparable_events", none),
    ]) }}
    union all
    {{ signals_of("of_orders", [
        ("server_coverage", "orders_sent", "orders", "gross_amount"),
        ("server_ids_per_order", "ids", "orders_with_merged", none),
    ]) }}
)

select * from final
