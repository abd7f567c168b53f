{{ config(severity="warn", meta={"runbook": "docs/runbook.md#silent-day"}) }}

-- Days without a single order in the midst, or at the end, of days that all have some.
-- A shop closed on Sundays, or so small that empty days are common, stays quiet: no other day of
-- two weeks on either side may be empty, unless chance alone would leave the run of days empty
-- less than once in ten thousand times; and days that are as a rule without an order, such as a
-- shop's Sundays, are no silence. Days at the end have only the weeks before them to speak,
-- so that chance is asked of all of them; the newest day alone is another check's.
select
    stream as signal,
    segment,
    first_date as since_date,
    last_date as until_date,
    usual_rows as expected_orders_a_day,
    cast(round(usual_rows * day_count) as bigint) as affected_rows,
    cast(usual_amount_local * day_count as decimal(38, 6)) as affected_amount_local,
    currency_code,
    {{ describe_silence("orders") }} as observed
from {{ ref("int_days__silent") }}
where
    stream = 'orders'
    and (
        (not is_open and days_around >= 10 and empty_days_around = 0)
        or (
            exp(-usual_rows * day_count) < 0.0001
            and empty_days_around * 4 <= days_around
            and empty_like_weekdays * 2 < like_weekdays
            and (not is_open or (day_count >= 2 and days_around >= 10))
        )
    )
