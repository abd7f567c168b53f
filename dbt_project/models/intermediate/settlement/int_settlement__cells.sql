-- The cells of the triangle that were read: a reading tells of every day it is young enough for,
-- also where it found nothing, from the first load on that covers the day. Of the ledger every day
-- is read.
with bounds as (
    select
        {{ add_days(
            "build.through_date", "-settings.settled_after_days - " ~ settlement_cohorts()
        ) }} as first_cohort_date,
        build.through_date,
        settings.settled_after_days
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

cohorts as (
    select
        days.date_day as cohort_date,
        bounds.through_date,
        bounds.settled_after_days
    from {{ ref("int_dates__spined") }} as days
    cross join bounds
    cross join {{ source("company", "settings") }} as settings
    where
        days.date_day between bounds.first_cohort_date and bounds.through_date
        and days.date_day >= settings.history_start
),

readings as (
    select * from {{ ref("int_settlement__readings") }}
),

covered as (
    select
        readings.source,
        readings.stream,
        readings.load_account,
        cohorts.cohort_date,
        cohorts.settled_after_days,
        min(readings.read_date) as first_read_date
    from readings
    inner join cohorts
        on readings.since <= cohorts.cohort_date and readings.until > cohorts.cohort_date
    group by
        readings.source,
        readings.stream,
        readings.load_account,
        cohorts.cohort_date,
        cohorts.settled_after_days
),

read_dates as (
    select distinct
        source,
        stream,
        load_account,
        read_date
    from readings
),

final as (
    select
        covered.source,
        covered.stream,
        covered.load_account,
        covered.cohort_date,
        {{ days_between("covered.cohort_date", "read_dates.read_date") }} as age
    from covered
    inner join read_dates
        on
            covered.source = read_dates.source
            and covered.stream = read_dates.stream
            and covered.load_account = read_dates.load_account
            and covered.first_read_date <= read_dates.read_date
            and {{ add_days("covered.cohort_date", "covered.settled_after_days") }}
            >= read_dates.read_date
    union all
    select
        null as source,
        null as stream,
        null as load_account,
        cohorts.cohort_date,
        {{ days_between("cohorts.cohort_date", "ages.date_day") }} as age
    from cohorts
    inner join {{ ref("int_dates__spined") }} as ages
        on
            cohorts.cohort_date < ages.date_day
            and {{ add_days("cohorts.cohort_date", "cohorts.settled_after_days") }}
            >= ages.date_day
            and {{ add_days("cohorts.through_date", 1) }} >= ages.date_day
)

select * from final
