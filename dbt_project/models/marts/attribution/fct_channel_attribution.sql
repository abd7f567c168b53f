{{ config(materialized="table") }}

with segments as (
    select * from {{ ref("int_attribution__segments") }}
    where dimension = 'channel'
),

period as (
    select
        since_date,
        through_date
    from {{ ref("int_attribution__period") }}
),

final as (
    select
        segments.goal,
        segments.model,
        segments.segment as channel,
        period.since_date,
        period.through_date,
        segments.conversions,
        segments.revenue_amount,
        {{ safe_ratio("segments.conversions", "segments.goal_conversions") }}
            as conversion_share,
        segments.assisted_conversions
    from segments
    cross join period
)

select * from final
