-- What a platform claims of a day beside what happened on it, whoever brought that: conversions of
-- the goals it claims. Not those credited to it, because the credit hangs on the same links as the
-- claim. A day with no claim is none claimed only where the platform's days are known, and a
-- campaign's only while it runs.
with claims as (
    select * from {{ ref("int_signals__claimed") }}
),

-- What is taken back later was claimed all the same.
conversions as (
    select
        goal,
        conversion_date,
        count(*) as conversions,
        sum(gross_amount) as gross_amount
    from {{ ref("fct_conversions") }}
    where
        record_type != 'visit'
        and (tier = 'weak' or status in ('won', 'cancelled', 'no_show'))
    group by goal, conversion_date
),

covered as (
    select
        recorded.goal,
        max(spans.first_date) as first_date,
        min(spans.last_date) as last_date
    from (
        select distinct
            goal,
            source,
            record_type || 's' as shape
        from {{ ref("int_conversions__unioned") }}
    ) as recorded
    inner join {{ ref("int_signals__spans") }} as spans
        on recorded.source = spans.source and recorded.shape = spans.shape
    group by recorded.goal
),

shared as (
    select campaign_id
    from claims
    group by campaign_id
    having count(distinct platform) > 1
),

segments as (
    select
        claims.*,
        'platform' as dimension,
        claims.platform as segment
    from claims
    where claims.tier = 'strong'
    union all
    select
        claims.*,
        'campaign' as dimension,
        -- Files may call the campaigns of two platforms alike.
        case
            when shared.campaign_id is null then claims.campaign_id
            else claims.platform || ' ' || claims.campaign_id
        end as segment
    from claims
    left join shared on claims.campaign_id = shared.campaign_id
    where claims.tier = 'strong' and claims.campaign_id is not null
    union all
    select
        claims.*,
        'action' as dimension,
        claims.platform || ' ' || claims.action_name as segment
    from claims
),

claimed as (
    select
        dimension,
        segment,
        platform,
        claim_date,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount
    from segments
    group by dimension, segment, platform, claim_date
),

series as (
    select
        segments.dimension,
        segments.segment,
        segments.platform,
        max(segments.days_until_filled) as days_until_filled,
        max(covered.first_date) as first_date,
        min(covered.last_date) as last_date,
        sum(segments.claimed_amount) is not null as has_amounts
    from segments
    inner join covered on segments.goal = covered.goal
    group by segments.dimension, segments.segment, segments.platform
),

goals as (
    select distinct
        dimension,
        segment,
        platform,
        goal
    from segments
),

running as (
    select distinct
        platform,
        campaign_id,
        ad_date
    from {{ ref("fct_ad_performance_daily") }}
),

happened as (
    select
        goals.dimension,
        goals.segment,
        goals.platform,
        conversions.conversion_date,
        sum(conversions.conversions) as conversions,
        sum(conversions.gross_amount) as gross_amount
    from goals
    inner join conversions on goals.goal = conversions.goal
    group by goals.dimension, goals.segment, goals.platform, conversions.conversion_date
),

counted as (
    select
        happened.dimension,
        happened.segment,
        happened.platform as system,
        happened.conversion_date as signal_date,
        round(coalesce(claimed.claimed_conversions, 0)) as claims,
        happened.conversions,
        happened.gross_amount,
        case when series.has_amounts then round(coalesce(claimed.claimed_amount, 0)) end
            as claimed_amount,
        round(happened.gross_amount) as whole_amount,
        happened.conversion_date
        <= {{ add_days("build.through_date", "-series.days_until_filled") }} as is_mature
    from happened
    cross join {{ source("trueup", "build") }} as build
    inner join series
        on
            happened.dimension = series.dimension
            and happened.segment = series.segment
            and happened.platform = series.platform
            and happened.conversion_date between series.first_date and series.last_date
    inner join {{ ref("int_claims__known_days") }} as known_days
        on
            happened.platform = known_days.platform
            and happened.conversion_date = known_days.claim_date
    left join claimed
        on
            happened.dimension = claimed.dimension
            and happened.segment = claimed.segment
            and happened.platform = claimed.platform
            and happened.conversion_date = claimed.claim_date
    left join running
        on
            happened.platform = running.platform
            and happened.segment
            in (running.campaign_id, running.platform || ' ' || running.campaign_id)
            and happened.conversion_date = running.ad_date
    where happened.dimension != 'campaign' or running.ad_date is not null
),

final as (
    {{ signals_of("counted", [
        ("claim_ratio", "claims", "conversions", "gross_amount"),
        ("claim_amount_ratio", "claimed_amount", "whole_amount", "gross_amount"),
    ]) }}
)

select * from final
