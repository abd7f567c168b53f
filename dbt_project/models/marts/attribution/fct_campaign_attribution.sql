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

names as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name
    from {{ ref("int_campaigns__channels") }}
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
        names.campaign_name,
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
    left join names
        on
            campaigns.platform = names.platform
            and campaigns.account_id = names.account_id
            and campaigns.campaign_id = names.campaign_id
)

select * from final
