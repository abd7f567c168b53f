{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_attribution__changed_days",
        "replaced_columns": ["conversion_date"],
    },
) }}

-- depends_on: {{ ref("int_attribution__changed_days") }}
with paths as (
    select * from {{ ref("int_attribution__paths") }}
),

final as (
    select
        conversion_id,
        touch_id,
        conversion_date,
        goal,
        tier,
        touch_at,
        position,
        touch_count,
        lag_days,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        is_direct,
        is_assist
    from paths
)

select * from final
