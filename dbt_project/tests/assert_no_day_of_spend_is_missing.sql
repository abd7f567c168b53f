{{ config(severity="warn", meta={"runbook": "docs/runbook.md#silent-day"}) }}

-- Days without a row of spend in the midst, or at the end, of days that all have some.
-- Only of accounts whose platform does not say what they were charged. No other day of two weeks on
-- either side may be empty, unless as many empty days in a row come about less than once in ten
-- thousand times. An account that stopped is named after a week, because reports may come by the
-- week, and for a month, because it may be meant.
select
    silent.stream as signal,
    silent.segment,
    silent.first_date as since_date,
    silent.last_date as until_date,
    silent.usual_rows as expected_rows_a_day,
    cast(round(silent.usual_rows * silent.day_count) as bigint) as affected_rows,
    cast(silent.usual_amount_local * silent.day_count as decimal(38, 6)) as affected_amount_local,
    silent.currency_code,
    {{ describe_silence("rows of spend") }} as observed
from {{ ref("int_days__silent") }} as silent
cross join {{ ref("int_builds__covered") }} as covered
where
    silent.stream = 'ad_performance'
    and silent.days_around >= 10
    and (
        silent.empty_days_around = 0
        or (
            power(silent.empty_days_around / cast(silent.days_around as double), silent.day_count)
            < 0.0001
            and silent.empty_days_around * 4 <= silent.days_around
        )
    )
    and (
        not silent.is_open
        or (
            silent.day_count >= 7
            and silent.first_date > {{ add_days("covered.through_date", -30) }}
        )
    )
