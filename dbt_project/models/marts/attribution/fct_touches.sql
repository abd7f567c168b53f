{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_touches__changed_days",
        "replaced_columns": ["touch_type", "record_date"],
    },
) }}

with changed_days as (
    select
        touch_type,
        record_date
    from {{ ref("int_touches__changed_days") }}
),

touches as (
    select * from {{ ref("int_touches__resolved") }}
    {% if is_incremental() %}
        where
            (touch_type, record_date) in (
                select
                    touch_type,
                    record_date
                from changed_days
            )
    {% endif %}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

-- The day of an instant is dear to read, so it is read here, of the touches that are written.
final as (
    select
        touch_id,
        touch_type,
        touch_at,
        {{ local_date("touch_at", "settings.reporting_zone") }} as touch_date,
        record_date,
        session_key,
        client_id,
        user_id,
        customer_key,
        journey_id,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        campaign_match_method,
        cast(
            case campaign_match_method
                when 'none' then 0
                when 'campaign_name' then 0.80
                when 'link_name' then 0.70
                when 'former_name' then 0.60
                else 1
            end as decimal(3, 2)
        ) as campaign_match_confidence,
        source,
        medium,
        campaign_name,
        click_id,
        click_id_kind,
        source in ('(direct)', 'direct') and platform is null as is_direct,
        landing_host,
        landing_page,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        country,
        source_kind,
        default_channel,
        session_source,
        session_medium,
        session_campaign_id,
        session_ads_campaign_id,
        session_default_channel,
        first_source,
        first_medium
    from touches
    cross join settings
)

select * from final
