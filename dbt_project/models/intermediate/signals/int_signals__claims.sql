-- What a platform claims of a day beside what happened on it, whoever brought that: conversions of
-- the goals it claims. Not those credited to it, because the credit hangs on the same links as the
-- claim. A day with no claim is none claimed only where the platform's days are known. There is no
-- ratio of a campaign: what it claims of all that happened follows what is spent on it. Money is
-- counted in amounts as large as most of it comes in, so that a day's count varies as counts do. A
-- day of an offer is never mature: it is no day to learn from, and shows a loss beyond doubt alone.
with claims as (
    select * from {{ ref("int_signals__claimed") }}
),

-- What is taken back later was claimed all the same.
conversions as (
    select
        goal,
        conversion_date,
        count(*) as conversions,
        sum(gross_amount) as gross_amount,
        sum(cast(gross_amount as double) * cast(gross_amount as double)) as squared_amount
    from {{ ref("int_conversions__reconciled") }}
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

happened as (
    select
        goals.dimension,
        goals.segment,
        goals.platform,
        conversions.conversion_date,
        sum(conversions.conversions) as conversions,
        sum(conversions.gross_amount) as gross_amount,
        sum(conversions.squared_amount) as squared_amount
    from goals
    inner join conversions on goals.goal = conversions.goal
    group by goals.dimension, goals.segment, goals.platform, conversions.conversion_date
),

offers as (
    select distinct
        goals.dimension,
        goals.segment,
        goals.platform,
        offers.offer_date
    from goals
    inner join {{ ref("int_signals__offers") }} as offers on goals.goal = offers.goal
),

-- A power of two stays the same when a day is added.
units as (
    select
        dimension,
        segment,
        platform,
        power(2, ceil(log2(sum(squared_amount) / sum(gross_amount)))) as unit_amount
    from happened
    group by dimension, segment, platform
    having sum(gross_amount) > 0
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
        case
            when series.has_amounts
                then round(coalesce(claimed.claimed_amount, 0) / units.unit_amount)
        end as claimed_units,
        round(happened.gross_amount / units.unit_amount) as units,
        offers.offer_date is null
        and happened.conversion_date
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
    left join units
        on
            happened.dimension = units.dimension
            and happened.segment = units.segment
            and happened.platform = units.platform
    left join offers
        on
            happened.dimension = offers.dimension
            and happened.segment = offers.segment
            and happened.platform = offers.platform
            and happened.conversion_date = offers.offer_date
),

final as (
    {{ signals_of("counted", [
        ("claim_ratio", "claims", "conversions", "gross_amount"),
        ("claim_amount_ratio", "claimed_units", "units", "gross_amount"),
    ]) }}
)

select * from final
