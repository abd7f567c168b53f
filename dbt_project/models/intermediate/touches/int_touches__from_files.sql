{{ config(materialized="table") }}

-- Visits and clicks other systems recorded of a person. One that stands for the person behind a
-- deal speaks through that deal's journey.
with touches as (
    select
        *,
        {{ url_host("referrer") }} as referrer_host,
        {{ url_host("landing_page") }} as landing_host,
        lower({{ url_parameter("landing_page", "utm_source") }}) as linked_source,
        lower({{ url_parameter("landing_page", "utm_medium") }}) as linked_medium,
        {{ url_parameter("landing_page", "utm_campaign") }} as linked_campaign,
        {{ url_parameter("landing_page", "utm_id") }} as linked_campaign_id
    from {{ ref("shape_touches") }}
),

people as (
    select
        source,
        record_id
    from {{ ref("int_journeys__people") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

evidence as (
    select
        {{ hash_key(["touches.source", "touches.record_id"]) }} as touch_id,
        case touches.source when 'files' then 'file_touch' else 'crm_click' end as touch_type,
        {{ local_date("touches.touch_at", "settings.reporting_zone") }} as record_date,
        touches.touch_at,
        touches.customer_key,
        {{ url_path("touches.landing_page") }} as landing_page,
        case
            when touches.referrer_host != coalesce(touches.landing_host, '')
                then touches.referrer_host
        end as foreign_host,
        touches.click_id,
        touches.click_id_kind,
        coalesce(touches.utm_source, touches.linked_source) as manual_source,
        case
            when touches.utm_source is null
                then coalesce(touches.utm_medium, touches.linked_medium)
            else touches.utm_medium
        end as manual_medium,
        case
            when touches.utm_source is null
                then coalesce(touches.utm_campaign, touches.linked_campaign)
            else touches.utm_campaign
        end as manual_campaign_name,
        touches.linked_campaign_id as manual_campaign_id,
        touches.platform as record_platform,
        touches.ad_account_id as record_account_id,
        touches.campaign_id as record_campaign_id
    from touches
    cross join settings
    left join people
        on touches.source = people.source and touches.record_id = people.record_id
    where people.record_id is null
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
),

final as (
    select
        *,
        {{ row_digest([
            "touch_id",
            "touch_at",
            "customer_key",
            "link_key",
            "click_id",
            "landing_page",
        ]) }} as content_digest
    from keyed
)

select * from final
