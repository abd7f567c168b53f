{{ config(materialized="table") }}

-- Visits and clicks other systems recorded of a person. One that stands for the person behind a
-- deal speaks through that deal's journey.
with people as (
    select
        source,
        record_id
    from {{ ref("int_journeys__people") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

parameters as (
    select * from {{ ref("link_parameters") }}
),

touches as (
    select
        touches.*,
        {{ hash_key(["touches.source", "touches.record_id"]) }} as input_key,
        {{ url_host("touches.referrer") }} as referrer_host
    from {{ ref("shape_touches") }} as touches
    left join people
        on touches.source = people.source and touches.record_id = people.record_id
    where people.record_id is null
),

links as (
    {{ read_links("touches", "parameters") }}
),

origins as (
    {{ describe_origins("touches", "links") }}
),

evidence as (
    select
        touches.input_key as touch_id,
        case touches.source when 'files' then 'file_touch' else 'crm_click' end as touch_type,
        {{ local_date("touches.touch_at", "settings.reporting_zone") }} as record_date,
        touches.touch_at,
        touches.customer_key,
        origins.*
    from touches
    cross join settings
    inner join origins on touches.input_key = origins.input_key
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
            "landing_host",
            "landing_page",
        ]) }} as content_digest
    from evidence
)

select * from final
