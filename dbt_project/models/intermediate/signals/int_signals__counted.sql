-- Where visits came from, as counted there; and capture: of the web orders of a day, how many the
-- events system saw, in all and, where several sources have web orders, for each. Counts only; the
-- gates turn them into an expected range. Late events are added for three days, so younger days are
-- not mature. Days before the events began say nothing, nor do those not delivered yet, which
-- freshness knows.
with web_orders as (
    select source || ':' || record_id as conversion_id
    from {{ ref("shape_orders") }}
    where is_web
),

orders as (
    select
        conversions.source,
        conversions.conversion_date,
        conversions.has_ga4_event
    from {{ ref("fct_conversions") }} as conversions
    inner join web_orders on conversions.conversion_id = web_orders.conversion_id
    where conversions.record_type = 'order'
),

sources as (
    select count(distinct source) as source_count
    from orders
),

segments as (
    select
        'all' as segment,
        conversion_date,
        has_ga4_event
    from orders
    union all
    select
        orders.source as segment,
        orders.conversion_date,
        orders.has_ga4_event
    from orders
    inner join sources on sources.source_count > 1
),

began as (
    select min(record_date) as first_date
    from {{ ref("int_sessions") }}
),

systems as (
    select distinct
        source,
        stream
    from {{ ref("int_events__conversions") }}
),

-- The system that is furthest behind decides which days say something.
delivered as (
    select min(freshness.landed_through) as landed_through
    from {{ source("trueup", "freshness") }} as freshness
    inner join systems
        on freshness.source = systems.source and freshness.stream = systems.stream
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

captured as (
    select
        'ga4_capture' as signal,
        segments.segment,
        segments.conversion_date as signal_date,
        cast(count(*) filter (where segments.has_ga4_event) as bigint) as numerator,
        cast(count(*) as bigint) as denominator,
        segments.conversion_date <= {{ add_days("build.through_date", -3) }} as is_mature
    from segments
    cross join build
    inner join began on segments.conversion_date >= began.first_date
    inner join delivered on segments.conversion_date <= delivered.landed_through
    group by segments.segment, segments.conversion_date, build.through_date
),

origins as (
    select * from {{ ref("int_signals__origins") }}
),

final as (
    select
        signal,
        segment,
        signal_date,
        numerator,
        denominator,
        is_mature
    from captured
    union all
    select
        signal,
        segment,
        signal_date,
        numerator,
        denominator,
        is_mature
    from origins
)

select * from final
