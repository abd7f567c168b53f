-- Of the web orders of a day, how many the events system saw: by where and how they were placed.
-- Days before the events began, or that they have not delivered, say nothing.
{%- set dimensions = ["source", "currency", "landing_page"] %}

with records as (
    select
        conversion_id,
        {{ url_path("landing_page") }} as landing_page
    from {{ ref("int_conversions__unioned") }}
    where record_type = 'order' and is_web
),

conversions as (
    select
        conversion_id,
        source,
        conversion_date,
        currency_code,
        has_ga4_event,
        gross_amount
    from {{ ref("int_conversions__reconciled") }}
    where record_type = 'order'
),

orders as (
    select
        conversions.conversion_date,
        conversions.source,
        coalesce(conversions.currency_code, '(unknown)') as currency,
        coalesce(records.landing_page, '(unknown)') as landing_page,
        conversions.has_ga4_event as is_seen,
        conversions.gross_amount
    from conversions
    inner join records on conversions.conversion_id = records.conversion_id
),

-- The system that is furthest behind decides which days say something.
events as (
    select
        min(source) as system,
        min(first_date) as first_date,
        min(last_date) as last_date,
        min(filled_through) as filled_through
    from {{ ref("int_signals__spans") }}
    where shape = 'events'
),

counted as (
    select
        conversion_date,
        {{ dimension_and_segment(dimensions) }},
        count(*) filter (where is_seen) as seen_orders,
        count(*) as orders,
        sum(gross_amount) as gross_amount
    from orders
    group by {{ day_and_segments("conversion_date", dimensions) }}
),

dated as (
    select
        counted.*,
        events.system,
        counted.conversion_date as signal_date,
        counted.conversion_date <= events.filled_through as is_mature
    from counted
    inner join events
        on counted.conversion_date between events.first_date and events.last_date
),

final as (
    {{ signals_of("dated", [("event_capture", "seen_orders", "orders", "gross_amount")]) }}
)

select * from final
