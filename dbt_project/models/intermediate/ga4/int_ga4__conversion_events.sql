{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    meta={"replaced_from": "int_ga4__changed_days", "replaced_columns": ["record_date"]},
) }}

with mappings as (
    select selector
    from {{ source("company", "goal_mappings") }}
    where source = 'ga4'
),

events as (
    select
        event_key,
        event_name,
        event_at,
        event_date,
        client_id,
        user_id,
        session_key,
        transaction_id,
        purchase_amount_local,
        currency_code,
        session_source,
        session_medium,
        session_campaign_name,
        session_campaign_id,
        has_analytics_consent,
        has_ads_consent,
        _day as record_date
    from {{ ref("stg_ga4__events") }}
    where event_name in (select selector from mappings)
),

changed_days as (
    select record_date from {{ ref("int_ga4__changed_days") }}
),

final as (
    select * from events
    {% if is_incremental() %}
        where record_date in (select record_date from changed_days)
    {% endif %}
)

select * from final
