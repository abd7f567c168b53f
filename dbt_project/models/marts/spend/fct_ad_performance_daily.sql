{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_ad_performance__changed_days",
        "replaced_columns": ["source", "ad_date"],
    },
) }}

with performance as (
    select * from {{ ref("int_ad_performance__allocated") }}
),

changed_days as (
    select
        source,
        ad_date
    from {{ ref("int_ad_performance__changed_days") }}
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
            "performance.platform",
            "performance.account_id",
            "performance.campaign_id",
            "performance.ad_group_id",
            "performance.ad_id",
            "performance.allocation",
            "performance.ad_date",
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
        performance.spend_amount_local,
        performance.currency_code,
        case
            when performance.currency_code = settings.reporting_currency
                then performance.spend_amount_local
            else {{ convert_amount(
                "performance.spend_amount_local", "rates.units_local", "rates.units_reporting"
            ) }}
        end as spend_amount
    from performance
    cross join settings
    left join rates
        on
            performance.ad_date = rates.date_day
            and performance.currency_code = rates.currency_code
    {% if is_incremental() %}
        where
            (performance.source, performance.ad_date) in (
                select
                    source,
                    ad_date
                from changed_days
            )
    {% endif %}
)

select * from final
