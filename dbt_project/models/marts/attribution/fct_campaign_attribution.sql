{{ config(materialized="table") }}

with segments as (
    select * from {{ ref("int_attribution__segments") }}
    where dimension = 'campaign'
),

period as (
    select
        since_date,
        through_date
    from {{ ref("int_attribution__period") }}
),

campaigns as (
    select distinct
        campaign_segment,
        channel,
        platform,
        account_id,
        campaign_id
    from {{ ref("int_attribution__compared") }}
    where campaign_id is not null
),

final as (
    select
        segments.goal,
        segments.model,
        segments.segment,
        coalesce(campaigns.channel, segments.segment) as channel,
        campaigns.platform,
        campaigns.account_id,
        campaigns.campaign_id,
        period.since_date,
        period.through_date,
        segments.conversions,
        segments.revenue_amount,
        {{ safe_ratio("segments.conversions", "segments.goal_conversions") }}
            as conversion_share,
        segments.assisted_conversions
    from segments
    cross join period
    left join campaigns on segments.segment = campaigns.campaign_segment
)

select * from final
