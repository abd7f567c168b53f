{{ config(materialized="table") }}

-- Days of which it is known what a platform claims by its headline definition: a load in force
-- covers them and, of a feed, whose load covers all of history whatever its file holds, they lie
-- between its first claim of the platform and its last. On every other day its claims are unknown,
-- which is not none; so they are where the headline claims of a goal are of several definitions,
-- which are never added, and where the platform claims by another definition than the headline. A
-- claim that is set aside is no definition.
with headline_claims as (
    select
        claims.platform,
        claims.account_id,
        claims.goal,
        claims.claim_date,
        claims.date_basis,
        claims.attribution_model,
        claims.click_window_days,
        claims.view_window_days,
        claims.is_view_through,
        claims.is_modelled,
        claims.time_zone,
        keys.source,
        keys.stream,
        keys.feed
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__keys") }} as keys on claims.claim_key = keys.claim_key
    where
        claims.is_headline
        and claims.tier = 'strong'
        and not ({{ is_unconverted("claims.claimed_amount_local", "claims.claimed_amount") }})
),

answering as (
    select distinct
        source,
        stream,
        feed,
        platform
    from headline_claims
),

mixed as (
    select
        platform,
        account_id,
        goal,
        claim_date
    from headline_claims
    group by platform, account_id, goal, claim_date
    having {{ definition_count() }} > 1
),

lost as (
    select
        platform,
        since_date,
        until_date
    from {{ ref("int_claims__lost_headlines") }}
    where was_known and tier = 'strong'
),

-- Rows that say zero are no claims, but say that nothing was claimed.
reported as (
    select
        source,
        stream,
        feed,
        platform,
        min(claim_date) as first_date,
        max(claim_date) as last_date
    from {{ ref("shape_claims") }}
    where feed is not null and is_current
    group by source, stream, feed, platform
),

covered as (
    select distinct
        answering.platform,
        current_days.day as claim_date
    from answering
    inner join {{ source("trueup", "current_days") }} as current_days
        on
            answering.source = current_days.source
            and answering.stream = current_days.stream
            and (answering.feed is null or answering.feed = current_days.account)
    left join reported
        on
            answering.source = reported.source
            and answering.stream = reported.stream
            and answering.feed = reported.feed
            and answering.platform = reported.platform
    where
        answering.feed is null
        or current_days.day between reported.first_date and reported.last_date
),

by_others as (
    select distinct
        covered.platform,
        covered.claim_date
    from covered
    inner join lost
        on
            covered.platform = lost.platform
            and covered.claim_date >= lost.since_date
            and covered.claim_date <= coalesce(lost.until_date, covered.claim_date)
),

final as (
    select
        platform,
        claim_date
    from covered
    where
        (platform, claim_date) not in (
            select
                platform,
                claim_date
            from mixed
            union all
            select
                platform,
                claim_date
            from by_others
        )
)

select * from final
