{{ config(severity="warn", meta={"runbook": "docs/runbook.md#silent-day"}) }}

-- Days without a single order in the midst of days that all have some.
-- A shop closed on Sundays, or so small that empty days are common, stays quiet: no other day of
-- two weeks on either side may be empty, unless chance alone would leave the gap empty less than
-- once in ten thousand times.
with counted as (
    select
        orders.source,
        orders.stream,
        coalesce(orders.account_id, '') as account_id,
        {{ local_date("orders.ordered_at", "settings.reporting_zone") }} as order_date,
        count(*) as order_count
    from {{ ref("shape_orders") }} as orders
    cross join {{ source("company", "settings") }} as settings
    group by all
),

spans as (
    select
        source,
        stream,
        account_id,
        min(order_date) as first_date,
        max(order_date) as last_date
    from counted
    group by source, stream, account_id
),

days as (
    select
        spans.source,
        spans.stream,
        spans.account_id,
        dates.date_day,
        coalesce(counted.order_count, 0) as order_count
    from spans
    inner join {{ ref("int_dates__spined") }} as dates
        on spans.first_date <= dates.date_day and spans.last_date >= dates.date_day
    left join counted
        on
            spans.source = counted.source
            and spans.stream = counted.stream
            and spans.account_id = counted.account_id
            and dates.date_day = counted.order_date
),

-- Consecutive empty days are one gap: its days have the same number of filled days before them.
numbered as (
    select
        *,
        sum(case when order_count > 0 then 1 else 0 end) over (
            partition by source, stream, account_id order by date_day
        ) as filled_days
    from days
),

gaps as (
    select
        source,
        stream,
        account_id,
        min(date_day) as first_date,
        max(date_day) as last_date,
        count(*) as day_count
    from numbered
    where order_count = 0
    group by source, stream, account_id, filled_days
),

surrounded as (
    select
        gaps.source,
        gaps.stream,
        gaps.account_id,
        gaps.first_date,
        gaps.last_date,
        gaps.day_count,
        count(*) as days_around,
        sum(case when days.order_count = 0 then 1 else 0 end) as empty_days_around,
        median(days.order_count) as usual_orders
    from gaps
    inner join days
        on
            gaps.source = days.source
            and gaps.stream = days.stream
            and gaps.account_id = days.account_id
            and days.date_day between {{ add_days("gaps.first_date", -14) }}
            and {{ add_days("gaps.last_date", 14) }}
            and days.date_day not between gaps.first_date and gaps.last_date
    group by
        gaps.source,
        gaps.stream,
        gaps.account_id,
        gaps.first_date,
        gaps.last_date,
        gaps.day_count
)

select
    stream as signal,
    trim(source || ' ' || account_id) as segment,
    first_date as since_date,
    last_date as until_date,
    usual_orders as expected_orders_a_day
from surrounded
where
    (days_around >= 10 and empty_days_around = 0)
    or (exp(-usual_orders * day_count) < 0.0001 and empty_days_around * 4 <= days_around)
