{{ config(materialized="table") }}

with days as (
    select * from {{ ref("int_creatives__days") }}
),

exposed as (
    select * from {{ ref("int_creatives__exposed") }}
),

-- Where nobody has landed what a platform claims, its claims are unknown, not none.
known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

-- Most platforms' links name no ad, and those that keep a record of clicks keep it for a time:
-- before the first visit whose ad is known, none of them is.
visited as (
    select
        platform,
        min(report_date) as since_date
    from days
    where is_visited
    group by platform
),

channels as (
    select
        platform,
        account_id,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

known as (
    select * from {{ ref("int_funnel__known") }}
),

matured as (
    select mature_through from {{ ref("int_funnel__matured") }}
),

flagged as (
    select
        days.*,
        known_days.platform is not null as has_claims,
        coalesce(days.report_date >= visited.since_date, false) as has_visits
    from days
    left join known_days
        on days.platform = known_days.platform and days.report_date = known_days.claim_date
    left join visited on days.platform = visited.platform
),

final as (
    select
        flagged.report_date,
        flagged.creative_key,
        flagged.platform,
        flagged.account_id,
        flagged.campaign_id,
        flagged.ad_group_id,
        flagged.ad_id,
        coalesce(channels.channel, '(unmapped)') as channel,
        exposed.exposure_day,
        exposed.exposure_band,
        cast(
            case when flagged.is_shown then flagged.impressions else 0 end as bigint
        ) as impressions,
        cast(case when flagged.is_shown then flagged.clicks else 0 end as bigint) as clicks,
        cast(
            case when flagged.is_shown then flagged.spend_amount else 0 end as decimal(38, 6)
        ) as spend_amount,
        cast(
            case
                when flagged.is_claimed then flagged.claimed_conversions
                when flagged.has_claims then 0
            end as decimal(18, 6)
        ) as claimed_conversions,
        cast(
            case
                when flagged.is_claimed then flagged.claimed_amount
                when flagged.has_claims then 0
            end as decimal(38, 6)
        ) as claimed_amount,
        cast(case when flagged.has_visits then coalesce(flagged.sessions, 0) end as bigint)
            as sessions,
        cast(
            case
                when flagged.has_visits and known.has_engaged
                    then coalesce(flagged.engaged_sessions, 0)
            end as bigint
        ) as engaged_sessions,
        cast(
            case when flagged.has_visits then coalesce(flagged.strong_conversions, 0) end
            as decimal(18, 6)
        ) as strong_conversions,
        cast(
            case when flagged.has_visits then coalesce(flagged.won_conversions, 0) end
            as decimal(18, 6)
        ) as won_conversions,
        cast(
            case when flagged.has_visits then coalesce(flagged.revenue_amount, 0) end
            as decimal(38, 6)
        ) as revenue_amount,
        flagged.report_date <= matured.mature_through as is_mature
    from flagged
    cross join known
    cross join matured
    left join exposed
        on
            flagged.creative_key = exposed.creative_key
            and flagged.report_date = exposed.report_date
    left join channels
        on
            flagged.platform = channels.platform
            and flagged.account_id = channels.account_id
            and flagged.campaign_id = channels.campaign_id
)

select * from final
