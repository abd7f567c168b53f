{{ config(materialized="table") }}

-- By how much claims that stand on the day of their click are worth more, or less, than their
-- conversions, because the platform converts each at the rate of its sale and we convert the claim
-- back at that of its own day: as conversions usually follow their clicks, by the rates since.
with touched as (
    select
        touched.platform,
        touched.account_id,
        touched.goal,
        touched.currency_code,
        {{ days_between("touched.touched_date", "touched.account_date") }} as lag_days
    from {{ ref("int_reconciliation__touched") }} as touched
    cross join {{ source("company", "settings") }} as settings
    where touched.is_in_window and touched.currency_code != settings.reporting_currency
),

lags as (
    select
        platform,
        account_id,
        goal,
        currency_code,
        lag_days,
        cast(count(*) as double)
        / sum(count(*)) over (partition by platform, account_id, goal, currency_code)
            as lag_share
    from touched
    group by platform, account_id, goal, currency_code, lag_days
),

rates as (
    select
        date_day,
        currency_code,
        cast(units_reporting as double) / cast(units_local as double) as rate
    from {{ ref("int_exchange_rates__carried") }}
),

-- Rates of days to come are not known: the conversions that are there are of the days before.
final as (
    select
        claimed.date_day as report_date,
        lags.platform,
        lags.account_id,
        lags.goal,
        lags.currency_code,
        sum(lags.lag_share * claimed.rate / sold.rate) / sum(lags.lag_share) - 1 as exchange_share
    from lags
    inner join rates as claimed on lags.currency_code = claimed.currency_code
    inner join rates as sold
        on
            lags.currency_code = sold.currency_code
            and sold.date_day = {{ add_days("claimed.date_day", "lags.lag_days") }}
    group by
        claimed.date_day, lags.platform, lags.account_id, lags.goal, lags.currency_code
)

select * from final
