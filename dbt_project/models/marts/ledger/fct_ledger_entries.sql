{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    unique_key="conversion_id",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_conversions__affected_days",
        "replaced_columns": ["conversion_date"],
    },
) }}

with entries as (
    select * from {{ ref("int_ledger_entries__unioned") }}
),

conversions as (
    select
        conversion_id,
        conversion_date,
        source,
        goal,
        margin_ratio
    from {{ ref("int_conversions__unioned") }}
),

affected_days as (
    select conversion_date from {{ ref("int_conversions__affected_days") }}
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

-- The reporting currency needs no rate even on days outside the calendar of this build.
converted as (
    select
        entries.*,
        case
            when entries.currency_code = settings.reporting_currency then entries.amount_local
            else {{ convert_amount(
                "entries.amount_local", "rates.units_local", "rates.units_reporting"
            ) }}
        end as amount
    from entries
    cross join settings
    left join rates
        on
            entries.entry_date = rates.date_day
            and entries.currency_code = rates.currency_code
),

-- A left join: an entry without its conversion must fail the balance, not vanish from it.
final as (
    select
        converted.entry_id,
        converted.conversion_id,
        conversions.source,
        conversions.goal,
        converted.entry_type,
        converted.entry_at,
        converted.entry_date,
        conversions.conversion_date,
        converted.amount_local,
        converted.currency_code,
        converted.amount,
        cast(round(converted.amount * conversions.margin_ratio, 2) as decimal(18, 2))
            as margin_amount
    from converted
    left join conversions on converted.conversion_id = conversions.conversion_id
    {% if is_incremental() %}
        where
            conversions.conversion_date is null
            or conversions.conversion_date in (select conversion_date from affected_days)
    {% endif %}
)

select * from final
