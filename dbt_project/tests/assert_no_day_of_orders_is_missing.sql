{{ config(severity="warn", meta={"runbook": "docs/runbook.md#silent-day"}) }}

-- A day without a single order in the midst of days that have many.
-- What is expected is the median of two weeks around, or of the same weekday where that is less, so
-- that a shop closed on Sundays stays quiet; a day is missing where chance alone would leave it
-- empty less than once in ten thousand times.
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

expected as (
    select
        days.source,
        days.stream,
        days.account_id,
        days.date_day,
        median(
            case
                when
                    around.date_day between {{ add_days("days.date_day", -14) }}
                    and {{ add_days("days.date_day", 14) }}
                    then around.order_count
            end
        ) as of_days_around,
        median(
            case
                when {{ days_between("around.date_day", "days.date_day") }} % 7 = 0
                    then around.order_count
            end
        ) as of_same_weekday
    from days
    inner join days as around
        on
            days.source = around.source
            and days.stream = around.stream
            and days.account_id = around.account_id
            and around.date_day between {{ add_days("days.date_day", -28) }}
            and {{ add_days("days.date_day", 28) }}
            and days.date_day != around.date_day
    where days.order_count = 0
    group by days.source, days.stream, days.account_id, days.date_day
)

select
    stream as signal,
    trim(source || ' ' || account_id) as segment,
    date_day as since_date,
    least(of_days_around, coalesce(of_same_weekday, of_days_around)) as expected_orders
from expected
where exp(-least(of_days_around, coalesce(of_same_weekday, of_days_around))) < 0.0001
