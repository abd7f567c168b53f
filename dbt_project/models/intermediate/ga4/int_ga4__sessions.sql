{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    meta={"replaced_from": "int_ga4__changed_session_days", "replaced_columns": ["record_date"]},
) }}

-- A visit that goes on past midnight has events in two export days and is one session still,
-- described by its first event that says where the visitor came from.
with changed_days as (
    select record_date from {{ ref("int_ga4__changed_days") }}
),

days_to_read as (
    select record_date from changed_days
    union
    select {{ add_days("record_date", 1) }} as record_date from changed_days
    union
    select {{ add_days("record_date", -1) }} as record_date from changed_days
),

changed_session_days as (
    select record_date from {{ ref("int_ga4__changed_session_days") }}
),

events as (
    select
        event_key,
        event_at,
        client_id,
        user_id,
        session_key,
        page_location,
        page_referrer,
        gclid,
        fbclid,
        manual_source,
        manual_medium,
        manual_campaign_name,
        manual_campaign_id,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        country,
        _day as record_date
    from {{ ref("stg_ga4__events") }}
    where
        session_key is not null
        {% if is_incremental() %}
            and _day in (select record_date from days_to_read)
        {% endif %}
),

pieces as (
    select
        *,
        min(event_at) over (partition by session_key, record_date) as session_at
    from events
    qualify
        row_number() over (
            partition by session_key, record_date
            order by
                case
                    when gclid is not null then 0
                    when fbclid is not null then 0
                    when manual_source is not null then 0
                    when manual_campaign_id is not null then 0
                    else 1
                end,
                event_at,
                event_key
        ) = 1
),

first_pieces as (
    select * from pieces
    qualify
        coalesce(
            lag(record_date) over (partition by session_key order by record_date)
            != {{ add_days("record_date", -1) }},
            true
        )
),

final as (
    select
        {{ hash_key(["session_key", "record_date"]) }} as touch_id,
        session_key,
        record_date,
        session_at,
        client_id,
        user_id,
        {{ url_host("page_location") }} as landing_host,
        {{ url_path("page_location") }} as landing_page,
        {{ url_host("page_referrer") }} as referrer_host,
        coalesce(gclid, fbclid) as click_id,
        case
            when gclid is not null then 'gclid'
            when fbclid is not null then 'fbclid'
        end as click_id_kind,
        manual_source,
        manual_medium,
        manual_campaign_name,
        manual_campaign_id,
        {{ slug("manual_campaign_name") }} as campaign_alias,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        country
    from first_pieces
    {% if is_incremental() %}
        where record_date in (select record_date from changed_session_days)
    {% endif %}
)

select * from final
