{{ config(materialized="table") }}

-- Of the weeks whose windows are over, as fct_signal_value calls them mature.
with build as (
    select through_date from {{ source("trueup", "build") }}
),

followed as (
    select followed.*
    from {{ ref("int_weak_goals__followed") }} as followed
    cross join build
    where
        {{ add_days(
            "cast(date_trunc('week', followed.conversion_date) as date)",
            "6 + followed.window_days"
        ) }} <= build.through_date
),

outcomes as (
    select * from {{ ref("int_weak_goals__outcomes") }}
),

goals as (
    select
        goal,
        window_days
    from {{ source("company", "goals") }}
    where tier = 'weak'
),

signals as (
    select
        followed.platform,
        coalesce(followed.account_id, '(unknown)') as account_id,
        followed.campaign_id,
        followed.goal,
        count(*) as followable_signals,
        count(outcomes.outcome_id) as strong_conversions,
        sum(outcomes.outcome_amount) as strong_amount,
        percentile_cont(0.5) within group (order by outcomes.days_until) as days_until_median
    from followed
    left join outcomes on followed.conversion_id = outcomes.conversion_id
    where
        followed.is_counted_by_campaign
        and followed.is_followable
        and followed.platform is not null
        and followed.campaign_id is not null
    group by
        followed.platform,
        coalesce(followed.account_id, '(unknown)'),
        followed.campaign_id,
        followed.goal
),

actions as (
    select
        action_key,
        is_primary
    from {{ ref("dim_claim_action") }}
),

-- The same weeks, by the days of the ad account.
claims as (
    select
        claims.platform,
        claims.account_id,
        claims.campaign_id,
        claims.goal,
        sum(claims.claimed_conversions) as claimed_conversions,
        bool_or(actions.is_primary) as is_primary
    from {{ ref("fct_platform_claims") }} as claims
    inner join goals on claims.goal = goals.goal
    cross join build
    left join actions on claims.action_key = actions.action_key
    where
        claims.is_headline
        and claims.campaign_id is not null
        and {{ add_days(
            "cast(date_trunc('week', claims.claim_date) as date)", "6 + goals.window_days"
        ) }} <= build.through_date
    group by claims.platform, claims.account_id, claims.campaign_id, claims.goal
),

names as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        channel
    from {{ ref("dim_campaign") }}
    where is_current
),

joined as (
    select
        coalesce(signals.platform, claims.platform) as platform,
        coalesce(signals.account_id, claims.account_id) as account_id,
        coalesce(signals.campaign_id, claims.campaign_id) as campaign_id,
        coalesce(signals.goal, claims.goal) as goal,
        claims.is_primary,
        claims.claimed_conversions,
        coalesce(signals.followable_signals, 0) as followable_signals,
        coalesce(signals.strong_conversions, 0) as strong_conversions,
        coalesce(signals.strong_amount, 0) as strong_amount,
        signals.days_until_median
    from signals
    full outer join claims
        on
            signals.platform = claims.platform
            and signals.account_id = claims.account_id
            and signals.campaign_id = claims.campaign_id
            and signals.goal = claims.goal
),

named as (
    select
        joined.*,
        names.campaign_name,
        coalesce(names.channel, '(unmapped)') as channel
    from joined
    left join names
        on
            joined.platform = names.platform
            and joined.account_id = names.account_id
            and joined.campaign_id = names.campaign_id
),

-- What is usual is what signals of the other campaigns of the channel became: whom an affiliate or
-- retargeting brings was about to buy, and says nothing of what others could bring.
compared as (
    select
        *,
        sum(followable_signals) over like_it - followable_signals as other_signals,
        sum(strong_conversions) over like_it - strong_conversions as other_strong_conversions
    from named
    window like_it as (partition by channel, goal)
),

rated as (
    select
        *,
        {{ safe_ratio("strong_conversions", "followable_signals") }}
            as predictive_value,
        {{ wilson_bound("strong_conversions", "followable_signals", "-") }}
            as predictive_value_low,
        {{ wilson_bound("strong_conversions", "followable_signals", "+") }}
            as predictive_value_high,
        {{ safe_ratio("other_strong_conversions", "other_signals") }} as usual_predictive_value
    from compared
),

final as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        channel,
        goal,
        is_primary,
        cast(claimed_conversions as decimal(18, 6)) as claimed_conversions,
        cast(followable_signals as bigint) as followable_signals,
        cast(strong_conversions as bigint) as strong_conversions,
        cast(predictive_value as decimal(9, 6)) as predictive_value,
        predictive_value_low,
        predictive_value_high,
        cast(usual_predictive_value as decimal(9, 6)) as usual_predictive_value,
        -- a platform that claims none of the goal is not paid to bring it
        case
            when claimed_conversions > 0 then predictive_value_high < usual_predictive_value
        end as is_below_usual,
        cast(claimed_conversions * predictive_value as decimal(18, 6))
            as expected_strong_conversions,
        cast(days_until_median as decimal(18, 6)) as days_until_median,
        cast(strong_amount as decimal(38, 6)) as strong_amount,
        {{ safe_ratio("strong_amount", "followable_signals") }} as amount_per_signal
    from rated
)

select * from final
