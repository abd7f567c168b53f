{{ config(materialized="table") }}

-- What each model credits a channel, and a campaign, with in the period. Models that weigh touches
-- give each conversion's own money; those that look at all journeys share out the goal's total, a
-- conversion being worth what the next one is. What is shared out up to a segment is rounded, not
-- what it has alone, so that nothing is lost. One that one model alone knows has 0 of the others.
with compared as (
    select
        conversion_id,
        touch_id,
        goal,
        is_assist,
        channel,
        campaign_segment
    from {{ ref("int_attribution__compared") }}
),

credited as (
    select
        compared.goal,
        credits.model,
        compared.channel,
        compared.campaign_segment,
        credits.credit,
        credits.revenue_amount
    from compared
    inner join {{ ref("fct_attribution") }} as credits
        on
            compared.conversion_id = credits.conversion_id
            and compared.touch_id = credits.touch_id
),

by_touch as (
    select
        'channel' as dimension,
        goal,
        model,
        channel as segment,
        sum(credit) as conversions,
        sum(revenue_amount) as revenue_amount
    from credited
    group by goal, model, channel
    union all
    select
        'campaign' as dimension,
        goal,
        model,
        campaign_segment as segment,
        sum(credit) as conversions,
        sum(revenue_amount) as revenue_amount
    from credited
    group by goal, model, campaign_segment
),

totals as (
    select
        dimension,
        goal,
        sum(conversions) as conversions,
        sum(revenue_amount) as revenue_amount
    from by_touch
    where model = 'last_touch'
    group by dimension, goal
),

added_up as (
    select
        dimension,
        goal,
        model,
        segment,
        sum(cast(share as decimal(20, 18))) over (
            partition by dimension, goal, model
            order by segment rows between unbounded preceding and current row
        ) as share_so_far,
        sum(cast(share as decimal(20, 18))) over (
            partition by dimension, goal, model
        ) as whole
    from {{ ref("int_attribution__path_models") }}
),

shared_out as (
    select
        dimension,
        goal,
        model,
        segment,
        cast(share_so_far / whole as decimal(18, 12)) as share_so_far
    from added_up
),

shared as (
    select
        *,
        share_so_far - lag(share_so_far, 1, cast(0 as decimal(18, 12))) over (
            partition by dimension, goal, model order by segment
        ) as share
    from shared_out
),

by_journey as (
    select
        totals.dimension,
        totals.goal,
        shared.model,
        shared.segment,
        totals.conversions * shared.share as conversions,
        {{ credited_amount("totals.revenue_amount", "shared.share_so_far", "shared.share") }}
            as revenue_amount
    from shared
    inner join totals on shared.dimension = totals.dimension and shared.goal = totals.goal
),

known as (
    select * from by_touch
    union all
    select * from by_journey
),

assisted as (
    select
        'channel' as dimension,
        goal,
        channel as segment,
        count(distinct conversion_id) as assisted_conversions
    from compared
    where is_assist
    group by goal, channel
    union all
    select
        'campaign' as dimension,
        goal,
        campaign_segment as segment,
        count(distinct conversion_id) as assisted_conversions
    from compared
    where is_assist
    group by goal, campaign_segment
),

models as (
    select distinct
        dimension,
        goal,
        model
    from known
),

segments as (
    select distinct
        dimension,
        goal,
        segment
    from known
),

final as (
    select
        segments.dimension,
        segments.goal,
        models.model,
        segments.segment,
        cast(coalesce(known.conversions, 0) as decimal(38, 12)) as conversions,
        cast(coalesce(known.revenue_amount, 0) as decimal(38, 6)) as revenue_amount,
        totals.conversions as goal_conversions,
        coalesce(assisted.assisted_conversions, 0) as assisted_conversions
    from segments
    inner join models on segments.dimension = models.dimension and segments.goal = models.goal
    inner join totals on segments.dimension = totals.dimension and segments.goal = totals.goal
    left join known
        on
            segments.dimension = known.dimension
            and segments.goal = known.goal
            and segments.segment = known.segment
            and models.model = known.model
    left join assisted
        on
            segments.dimension = assisted.dimension
            and segments.goal = assisted.goal
            and segments.segment = assisted.segment
)

select * from final
