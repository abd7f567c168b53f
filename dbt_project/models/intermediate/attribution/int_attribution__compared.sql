{{ config(materialized="table") }}

-- The touches of conversions that the models are compared by: those of the period that stand. A
-- weak goal stands however it went on. A campaign is a segment of its own if it is among the forty
-- with most of these touches; the others, and what has no campaign, are their channel's: what the
-- path models take grows with the segments, and they say nothing of a campaign that few ever saw.
with counted as (
    select conversions.conversion_id
    from {{ ref("int_conversions__reconciled") }} as conversions
    cross join {{ ref("int_attribution__period") }} as compared
    where
        conversions.conversion_date between compared.since_date and compared.through_date
        and (conversions.status = 'won' or conversions.tier = 'weak')
        and conversions.record_type != 'visit'
),

touches as (
    select
        journeys.conversion_id,
        journeys.touch_id,
        journeys.goal,
        journeys.tier,
        journeys.touch_at,
        journeys.position,
        journeys.touch_count,
        journeys.is_assist,
        journeys.channel,
        journeys.platform,
        journeys.account_id,
        journeys.campaign_id
    from {{ ref("fct_journeys") }} as journeys
    inner join counted on journeys.conversion_id = counted.conversion_id
),

largest as (
    select
        channel,
        platform,
        account_id,
        campaign_id
    from touches
    where campaign_id is not null
    group by channel, platform, account_id, campaign_id
    order by count(*) desc, platform, account_id, campaign_id, channel
    limit 40
),

named as (
    select
        *,
        {{ campaign_segment("largest") }} as campaign_segment
    from largest
),

final as (
    select
        touches.conversion_id,
        touches.touch_id,
        touches.goal,
        touches.tier,
        touches.touch_at,
        touches.position,
        touches.touch_count,
        touches.is_assist,
        touches.channel,
        named.platform,
        named.account_id,
        named.campaign_id,
        coalesce(named.campaign_segment, touches.channel) as campaign_segment
    from touches
    left join named
        on
            touches.channel = named.channel
            and touches.campaign_id = named.campaign_id
            and touches.platform is not distinct from named.platform
            and touches.account_id is not distinct from named.account_id
)

select * from final
