{{ config(severity="warn", meta={"runbook": "docs/runbook.md#silent-day"}) }}

-- Days without a row in the midst of a file of bookings, refunds, leads, visits or claims, or at
-- its end, among days that have some. Orders and spend have checks of their own. A run of days is
-- named where chance brings its like less than once in five hundred times: by how many of the days
-- around it are empty or, where none is, by how many rows they have. In the midst of what has rows
-- on fewer than three of four days, or had when it began, days without are the rule. A feed that
-- stopped is named after a week, because some are written by the week.
{% set least_chance, least_chance_of_rows = 0.002, 0.01 %}
select
    stream as signal,
    segment,
    first_date as since_date,
    last_date as until_date,
    usual_rows as expected_rows_a_day,
    cast(round(usual_rows * day_count) as bigint) as affected_rows,
    cast(usual_amount_local * day_count as decimal(38, 6)) as affected_amount_local,
    currency_code,
    stream || ': ' || {{ describe_silence("a row") }} as observed
from {{ ref("int_days__silent") }}
where
    stream not in ('orders', 'ad_performance')
    and days_around >= 10
    and (
        power((empty_days_around + 1) / cast(days_around + 2 as double), day_count)
        < {{ least_chance }}
        or (empty_days_around = 0 and exp(-usual_rows * day_count) < {{ least_chance_of_rows }})
    )
    and (
        (is_open and day_count >= 7)
        or (
            not is_open
            and empty_days_around * 4 <= days_around
            and empty_days_before * 4 <= days_before
        )
    )
