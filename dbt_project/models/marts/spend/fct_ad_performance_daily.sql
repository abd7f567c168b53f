with performance as (
    select * from {{ ref("int_ad_performance__allocated") }}
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

final as (
    select
        {{ hash_key([
            "performance.source",
            "performance.platform",
            "performance.account_id",
            "performance.campaign_id",
            "performance.ad_group_id",
            "performance.ad_id",
            "performance.allocation",
            "performance.ad_date",
            "performance.currency_code",
        ]) }} as performance_key,
        performance.source,
        performance.platform,
        performance.account_id,
        performance.campaign_id,
        performance.ad_group_id,
        performance.ad_id,
        performance.ad_date,
        performance.allocation,
        cast(performance.impressions as bigint) as impressions,
        cast(performance.clicks as bigint) as clicks,
        cast(performance.spend_amount_local as decimal(38, 6)) as spend_amount_local,
        performance.currency_code,
        -- Nothing spent is nothing in any currency, also in one without a rate.
        cast(
            case
                when performance.currency_code = settings.reporting_currency
                    then performance.spend_amount_local
                when performance.spend_amount_local = 0 then 0
                else {{ convert_amount(
                    "performance.spend_amount_local", "rates.units_local", "rates.units_reporting"
                ) }}
            end as decimal(38, 6)
        ) as spend_amount
    from performance
    cross join settings
    left join rates
        on
            performance.ad_date = rates.date_day
            and performance.currency_code = rates.currency_code
)

select * from final
