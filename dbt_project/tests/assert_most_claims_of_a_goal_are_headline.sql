{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- Most of what a platform claims for a goal is under a definition that is no headline.
-- The daily marts show the small rest. Definitions of the same conversions overlap: of an ad's
-- action of a day, and of another date basis, only what it has more than the headline is missing.
with claims as (
    select
        claims.*,
        {{ hash_key(["claims.campaign_id", "claims.ad_group_id", "claims.ad_id"]) }} as ad_key,
        headlines.date_basis as headline_date_basis
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__actions") }} as actions
        on claims.action_key = actions.action_key
    inner join {{ ref("int_claims__headlines") }} as headlines
        on claims.source = headlines.source and claims.feed is not distinct from headlines.feed
    where
        actions.is_headline
        and claims.goal is not null
        and not coalesce(claims.is_view_through, false)
        and claims.claim_date
        > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
),

by_definition as (
    select
        platform,
        account_id,
        goal,
        date_basis = coalesce(headline_date_basis, date_basis) as is_headline_basis,
        ad_key,
        action_key,
        claim_date,
        definition_key,
        bool_or(is_headline) as is_headline,
        sum(claimed_conversions) as claimed_conversions
    from claims
    group by all
),

by_ad_and_day as (
    select
        platform,
        account_id,
        goal,
        claim_date,
        max(case when is_headline then claimed_conversions end) as headline_conversions,
        max(case when not is_headline then claimed_conversions end) as other_conversions
    from by_definition
    where is_headline_basis
    group by platform, account_id, goal, ad_key, action_key, claim_date
),

of_the_basis as (
    select
        platform,
        account_id,
        goal,
        coalesce(sum(headline_conversions), 0) as shown,
        coalesce(
            sum(greatest(other_conversions - coalesce(headline_conversions, 0), 0)), 0
        ) as hidden,
        min(case when other_conversions > coalesce(headline_conversions, 0) then claim_date end)
            as since_date
    from by_ad_and_day
    group by platform, account_id, goal
),

of_other_bases as (
    select
        platform,
        account_id,
        goal,
        max(claimed_conversions) as claimed_conversions,
        min(since_date) as since_date
    from (
        select
            platform,
            account_id,
            goal,
            sum(claimed_conversions) as claimed_conversions,
            min(claim_date) as since_date
        from by_definition
        where not is_headline_basis
        group by platform, account_id, goal, definition_key
    ) as totals
    group by platform, account_id, goal
),

compared as (
    select
        of_the_basis.platform,
        of_the_basis.account_id,
        of_the_basis.goal,
        coalesce(of_the_basis.since_date, of_other_bases.since_date) as since_date,
        of_the_basis.shown,
        greatest(
            of_the_basis.hidden,
            coalesce(of_other_bases.claimed_conversions, 0) - of_the_basis.shown
        ) as hidden
    from of_the_basis
    left join of_other_bases
        on
            of_the_basis.platform = of_other_bases.platform
            and of_the_basis.account_id = of_other_bases.account_id
            and of_the_basis.goal = of_other_bases.goal
)

select
    platform || ' ' || account_id || ' ' || goal as segment,
    since_date,
    hidden as other_conversions,
    shown as headline_conversions,
    cast(round(100.0 * hidden / (hidden + shown), 1) as {{ dbt.type_string() }})
    || '% of what is claimed is not shown' as observed
from compared
where shown > 0 and hidden > shown
