-- Events by day: those of visits that are in the mart, those that go on from a visit of the day
-- before, and those of browsers that may not be known, which are counted and no more. The mart is
-- asked how many visits of each day it has; only where that is too few is it asked for each of
-- them.
with pieces as (
    select
        source,
        stream,
        record_date,
        sum(event_count) as event_count,
        sum(event_amount_local) as amount_local,
        sum(case when is_start then 1 else 0 end) as visit_count
    from {{ ref("int_sessions__days") }}
    group by source, stream, record_date
),

visits as (
    select
        record_date,
        sum(visit_count) as visit_count
    from pieces
    group by record_date
),

touches as (
    select
        record_date,
        count(*) as touch_count
    from {{ ref("fct_touches") }}
    where touch_type = 'ga4_session'
    group by record_date
),

short_days as (
    select visits.record_date
    from visits
    left join touches on visits.record_date = touches.record_date
    where visits.visit_count > coalesce(touches.touch_count, 0)
),

missing as (
    select
        source,
        record_date,
        sum(event_count) as event_count,
        sum(event_amount_local) as amount_local
    from {{ ref("int_sessions") }}
    where
        record_date in (select record_date from short_days)
        and touch_id not in (
            select touch_id
            from {{ ref("fct_touches") }}
            where record_date in (select record_date from short_days)
        )
    group by source, record_date
),

unconverted as (
    select
        source,
        stream,
        record_date,
        sum(_rows) as event_count,
        sum(amount_local) as amount_local
    from {{ ref("int_events__conversions") }}
    where reason is not null
    group by source, stream, record_date
),

final as (
    select
        pieces.source,
        pieces.stream,
        pieces.record_date as day,
        pieces.event_count
        - coalesce(missing.event_count, 0)
        - coalesce(unconverted.event_count, 0) as row_count,
        pieces.amount_local
        - coalesce(missing.amount_local, 0)
        - coalesce(unconverted.amount_local, 0) as money
    from pieces
    left join missing
        on pieces.source = missing.source and pieces.record_date = missing.record_date
    left join unconverted
        on
            pieces.source = unconverted.source
            and pieces.stream = unconverted.stream
            and pieces.record_date = unconverted.record_date
)

select * from final
