{{ config(severity="warn", meta={"runbook": "docs/runbook.md#channels"}) }}

-- Click ids that records and visits of files bring without the parameter they came in, or with one
-- that neither the table of parameters nor a vendor knows: nobody can say which platform's click it
-- was, or whether it was paid for, so it brings no paid channel.
with touches as (
    select
        touch_type,
        record_date,
        click_id,
        click_id_kind
    from {{ ref("int_touches__from_records") }}
    union all
    select
        touch_type,
        record_date,
        click_id,
        click_id_kind
    from {{ ref("int_touches__from_files") }}
),

kinds as (
    select parameter as kind from {{ ref("link_parameters") }}
    union
    select click_id_kind as kind from {{ source("trueup", "ad_platforms") }}
    where click_id_kind is not null
)

select
    touches.touch_type || ' ' || coalesce(touches.click_id_kind, 'without a kind') as segment,
    min(touches.record_date) as since_date,
    count(*) as affected_rows
from touches
left join kinds on touches.click_id_kind = kinds.kind
where touches.click_id is not null and kinds.kind is null
group by touches.touch_type, touches.click_id_kind
