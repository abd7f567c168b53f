{{ config(materialized="table") }}

-- What the record of a conversion itself says of where the person came from, used only where no
-- session is known. A record that says nothing makes no touch: silence is not a direct visit. What
-- it does not say in columns of its own, its landing page may.
with journeys as (
    select
        *,
        {{ url_host("referrer") }} as referrer_host,
        {{ url_host("landing_page") }} as landing_host,
        lower({{ url_parameter("landing_page", "utm_source") }}) as linked_source,
        lower({{ url_parameter("landing_page", "utm_medium") }}) as linked_medium,
        {{ url_parameter("landing_page", "utm_campaign") }} as linked_campaign,
        {{ url_parameter("landing_page", "utm_id") }} as linked_campaign_id
    from {{ ref("int_journeys__unioned") }}
),

matched as (
    select
        journey_id,
        has_analytics_consent
    from {{ ref("int_journeys__matched") }}
    where session_key is null
),

evidence as (
    select
        {{ hash_key(["journeys.journey_id"]) }} as touch_id,
        case
            when journeys.source = 'files' then 'file_record'
            when journeys.journey_type = 'order' then 'shop_landing'
            else 'crm_click'
        end as touch_type,
        journeys.journey_end_date as record_date,
        journeys.journey_end_at as touch_at,
        journeys.journey_id,
        {{ url_path("journeys.landing_page") }} as landing_page,
        case
            when journeys.referrer_host != coalesce(journeys.landing_host, '')
                then journeys.referrer_host
        end as foreign_host,
        journeys.click_id,
        journeys.click_id_kind,
        coalesce(journeys.utm_source, journeys.linked_source) as manual_source,
        case
            when journeys.utm_source is null
                then coalesce(journeys.utm_medium, journeys.linked_medium)
            else journeys.utm_medium
        end as manual_medium,
        case
            when journeys.utm_source is null
                then coalesce(journeys.utm_campaign, journeys.linked_campaign)
            else journeys.utm_campaign
        end as manual_campaign_name,
        journeys.linked_campaign_id as manual_campaign_id,
        journeys.platform as record_platform,
        journeys.ad_account_id as record_account_id,
        journeys.campaign_id as record_campaign_id,
        matched.has_analytics_consent
    from journeys
    inner join matched on journeys.journey_id = matched.journey_id
),

keyed as (
    select
        *,
        {{ hash_key([
            "manual_source",
            "manual_medium",
            "manual_campaign_name",
            "manual_campaign_id",
            "click_id_kind",
            "foreign_host",
            "record_platform",
            "record_account_id",
            "record_campaign_id",
        ]) }} as link_key
    from evidence
    where
        coalesce(
            manual_source,
            manual_campaign_id,
            click_id,
            foreign_host,
            record_platform,
            record_campaign_id
        ) is not null
),

final as (
    select
        *,
        {{ row_digest([
            "touch_at",
            "journey_id",
            "link_key",
            "click_id",
            "landing_page",
            "has_analytics_consent",
        ]) }} as content_digest
    from keyed
)

select * from final
