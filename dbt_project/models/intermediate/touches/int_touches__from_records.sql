{{ config(materialized="table") }}

-- What the record of a conversion itself says of where the person came from, used only where no
-- session is known. A record that says nothing makes no touch: silence is not a direct visit. What
-- it does not say in columns of its own, its landing page may.
with journeys as (
    select
        *,
        journey_id as input_key,
        {{ url_host("referrer") }} as referrer_host
    from {{ ref("int_journeys__unioned") }}
),

matched as (
    select
        journey_id,
        has_analytics_consent
    from {{ ref("int_journeys__matched") }}
    where session_key is null
),

parameters as (
    select * from {{ ref("link_parameters") }}
),

unmatched as (
    select
        journeys.*,
        matched.has_analytics_consent
    from journeys
    inner join matched on journeys.journey_id = matched.journey_id
),

links as (
    {{ read_links("unmatched", "parameters") }}
),

origins as (
    {{ describe_origins("unmatched", "links") }}
),

evidence as (
    select
        {{ hash_key(["unmatched.journey_id"]) }} as touch_id,
        case
            when unmatched.source = 'files' then 'file_record'
            when unmatched.journey_type = 'order' then 'shop_landing'
            else 'crm_click'
        end as touch_type,
        unmatched.journey_end_date as record_date,
        unmatched.journey_end_at as touch_at,
        unmatched.journey_id,
        origins.*,
        unmatched.has_analytics_consent
    from unmatched
    inner join origins on unmatched.input_key = origins.input_key
    where
        coalesce(
            origins.manual_source,
            origins.manual_medium,
            origins.manual_campaign_id,
            origins.ad_campaign_id,
            origins.click_id_kind,
            origins.click_id,
            origins.foreign_host,
            origins.record_platform,
            origins.record_campaign_id
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
            "landing_host",
            "landing_page",
            "has_analytics_consent",
        ]) }} as content_digest
    from evidence
)

select * from final
