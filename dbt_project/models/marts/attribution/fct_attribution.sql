{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_attribution__changed_days",
        "replaced_columns": ["conversion_date"],
    },
) }}

with changed_days as (
    select conversion_date from {{ ref("int_attribution__changed_days") }}
),

amounts as (
    select * from {{ ref("int_attribution__amounts") }}
),

weights as (
    select * from {{ ref("int_attribution__weights") }}
),

touches as (
    select * from {{ ref("fct_journeys") }}
    where conversion_date in (select conversion_date from changed_days)
),

-- Money is shared as credit is: what is credited up to a touch is rounded, and the touch gets the
-- difference, so that a conversion's money comes out whole under every model.
final as (
    select
        weights.conversion_id,
        weights.touch_id,
        weights.model,
        touches.conversion_date,
        touches.goal,
        touches.tier,
        touches.touch_at,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        weights.credit,
        {{ credited_amount(
            "coalesce(amounts.revenue_amount, 0)", "weights.credit_so_far", "weights.credit"
        ) }} as revenue_amount,
        {{ credited_amount(
            "amounts.margin_amount", "weights.credit_so_far", "weights.credit"
        ) }} as margin_amount
    from weights
    inner join touches
        on
            weights.conversion_id = touches.conversion_id
            and weights.touch_id = touches.touch_id
    left join amounts on weights.conversion_id = amounts.conversion_id
)

select * from final
