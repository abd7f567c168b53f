{{ config(materialized="table") }}

-- Paths of the period, by channels and by campaigns, and how many journeys took each: those that
-- converted, and those of visitors who did not reach the goal. The latter's visits count as far
-- back from their last one as a goal's touches do. Who reaches the goal later has not yet.
with period as (
    select
        since_date,
        through_date
    from {{ ref("int_attribution__period") }}
),

compared as (
    select * from {{ ref("int_attribution__compared") }}
),

campaigns as (
    select distinct
        channel,
        platform,
        account_id,
        campaign_id,
        campaign_segment
    from compared
    where campaign_id is not null
),

goals as (
    select distinct
        compared.goal,
        coalesce(goals.lookback_days, settings.lookback_days) as lookback_days
    from compared
    cross join {{ source("company", "settings") }} as settings
    left join {{ source("company", "goals") }} as goals on compared.goal = goals.goal
),

lookbacks as (
    select distinct lookback_days from goals
),

visits as (
    select
        touches.touch_id,
        touches.touch_at,
        coalesce(touches.client_id, touches.customer_key) as visitor,
        touches.channel,
        coalesce(campaigns.campaign_segment, touches.channel) as campaign_segment,
        max(touches.touch_at) over (
            partition by coalesce(touches.client_id, touches.customer_key)
        ) as last_at
    from {{ ref("fct_touches") }} as touches
    inner join period on touches.touch_date between period.since_date and period.through_date
    left join campaigns
        on
            touches.channel = campaigns.channel
            and touches.campaign_id = campaigns.campaign_id
            and touches.platform is not distinct from campaigns.platform
            and touches.account_id is not distinct from campaigns.account_id
    where coalesce(touches.client_id, touches.customer_key) is not null
),

visitors as (
    select
        lookbacks.lookback_days,
        visits.visitor,
        {{ path_of("visits.channel", "visits.touch_at", "visits.touch_id") }} as channel_path,
        {{ path_of("visits.campaign_segment", "visits.touch_at", "visits.touch_id") }}
            as campaign_path
    from visits
    inner join lookbacks
        on visits.touch_at >= visits.last_at - lookbacks.lookback_days * interval '1 day'
    group by lookbacks.lookback_days, visits.visitor
),

reached as (
    select distinct
        compared.goal,
        visits.visitor
    from compared
    inner join visits on compared.touch_id = visits.touch_id
),

travelled as (
    select
        lookback_days,
        channel_path,
        campaign_path,
        count(*) as visitors
    from visitors
    group by lookback_days, channel_path, campaign_path
),

converted as (
    select
        conversion_id,
        min(goal) as goal,
        {{ path_of("channel", "touch_at", "touch_id") }} as channel_path,
        {{ path_of("campaign_segment", "touch_at", "touch_id") }} as campaign_path
    from compared
    group by conversion_id
),

-- Few visitors reach a goal: all count as not having done so, and those who did are taken off.
journeys as (
    select
        goal,
        channel_path,
        campaign_path,
        1 as conversions,
        0 as unconverted
    from converted
    union all
    select
        goals.goal,
        travelled.channel_path,
        travelled.campaign_path,
        0 as conversions,
        travelled.visitors as unconverted
    from travelled
    inner join goals on travelled.lookback_days = goals.lookback_days
    union all
    select
        goals.goal,
        visitors.channel_path,
        visitors.campaign_path,
        0 as conversions,
        -1 as unconverted
    from reached
    inner join goals on reached.goal = goals.goal
    inner join visitors
        on reached.visitor = visitors.visitor and goals.lookback_days = visitors.lookback_days
),

taken as (
    select
        'channel' as dimension,
        goal,
        channel_path as path,
        conversions,
        unconverted
    from journeys
    union all
    select
        'campaign' as dimension,
        goal,
        campaign_path as path,
        conversions,
        unconverted
    from journeys
),

final as (
    select
        dimension,
        goal,
        path,
        cast(sum(conversions) as bigint) as conversions,
        cast(sum(unconverted) as bigint) as unconverted
    from taken
    group by dimension, goal, path
    having sum(conversions) + sum(unconverted) > 0
)

select * from final
