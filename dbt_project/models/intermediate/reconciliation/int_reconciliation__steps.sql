{{ config(materialized="table") }}

-- The way from what is reconciled to what the platform's own definition would claim, conversion by
-- conversion. Each step adds a conversion to a day and campaign or takes it away, so that they add
-- up whatever the data says. The window comes last: what it takes away would stand on that day.
with touched as (
    select * from {{ ref("int_reconciliation__touched") }}
),

credited as (
    select * from touched
    where is_credited
),

in_window as (
    select * from touched
    where is_in_window
),

settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

-- The platform converts at the rate of its day of the conversion, we convert its claim back at that
-- of the day it stands on.
exchanged as (
    select
        in_window.*,
        cast(
            round(
                cast(in_window.gross_amount as double)
                * (
                    cast(sold.units_local as double) / cast(sold.units_reporting as double)
                    * cast(claimed.units_reporting as double)
                    / cast(claimed.units_local as double) - 1
                ),
                6
            ) as decimal(38, 6)
        ) as exchange_amount
    from in_window
    cross join settings
    inner join rates as sold
        on
            in_window.account_date = sold.date_day
            and in_window.currency_code = sold.currency_code
    inner join rates as claimed
        on
            in_window.claimable_date = claimed.date_day
            and in_window.currency_code = claimed.currency_code
    where in_window.currency_code != settings.reporting_currency
),

unioned as (
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        conversion_date as report_date,
        'reconciled' as step,
        1 as conversions,
        net_amount as amount
    from credited
    where is_standing
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        conversion_date as report_date,
        'refunds' as step,
        0 as conversions,
        gross_amount - net_amount as amount
    from credited
    where is_standing and gross_amount != net_amount
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        conversion_date as report_date,
        'cancellations' as step,
        1 as conversions,
        gross_amount as amount
    from credited
    where not is_standing
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        conversion_date as report_date,
        case when credited_platform is null then 'other_channels' else 'other_platforms' end
            as step,
        1 as conversions,
        gross_amount as amount
    from touched
    where not is_credited
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        conversion_date as report_date,
        'zone' as step,
        -1 as conversions,
        -gross_amount as amount
    from touched
    where conversion_date != account_date
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        account_date as report_date,
        'zone' as step,
        1 as conversions,
        gross_amount as amount
    from touched
    where conversion_date != account_date
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        account_date as report_date,
        'date_basis' as step,
        -1 as conversions,
        -gross_amount as amount
    from touched
    where account_date != claimable_date
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        claimable_date as report_date,
        'date_basis' as step,
        1 as conversions,
        gross_amount as amount
    from touched
    where account_date != claimable_date
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        claimable_date as report_date,
        'currency' as step,
        0 as conversions,
        exchange_amount as amount
    from exchanged
    where exchange_amount != 0
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        claimable_date as report_date,
        'window' as step,
        -1 as conversions,
        -gross_amount as amount
    from touched
    where not is_in_window
),

final as (
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        report_date,
        step,
        conversions,
        cast(amount as decimal(38, 6)) as amount
    from unioned
)

select * from final
