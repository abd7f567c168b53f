{{ config(materialized="table") }}

{%- set elsewhere =
    "case when credited_platform is null then 'other_channels' else 'other_platforms' end" %}
{%- set is_shifted = "conversion_date != account_date" %}
{%- set is_redated = "account_date != claimable_date" %}

-- The way from what is reconciled to what the platform's own definition would claim, conversion by
-- conversion. Each step adds a conversion to a day and campaign or takes it away, so that they add
-- up whatever the data says.
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
    {%- for relation, day, step, conversions, amount, condition in [
        ("credited", "conversion_date", "'reconciled'", "1", "net_amount", "is_standing"),
        ("credited", "conversion_date", "'refunds'", "0", "gross_amount - net_amount",
            "is_standing and gross_amount != net_amount"),
        ("credited", "conversion_date", "'cancellations'", "1", "gross_amount",
            "not is_standing"),
        ("touched", "conversion_date", elsewhere, "1", "gross_amount", "not is_credited"),
        ("touched", "conversion_date", "'window'", "-1", "-gross_amount", "not is_in_window"),
        ("in_window", "conversion_date", "'zone'", "-1", "-gross_amount", is_shifted),
        ("in_window", "account_date", "'zone'", "1", "gross_amount", is_shifted),
        ("in_window", "account_date", "'date_basis'", "-1", "-gross_amount", is_redated),
        ("in_window", "claimable_date", "'date_basis'", "1", "gross_amount", is_redated),
        ("exchanged", "claimable_date", "'currency'", "0", "exchange_amount",
            "exchange_amount != 0"),
    ] %}
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        {{ day }} as report_date,
        {{ step }} as step,
        {{ conversions }} as conversions,
        {{ amount }} as amount
    from {{ relation }}
    where {{ condition }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
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
