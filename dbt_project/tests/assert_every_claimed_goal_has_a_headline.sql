{{ config(severity="warn") }}

-- Promise 7. A goal a platform claims conversions of, none of them under the headline definition of
-- the company file, reads as claimed by nobody: a window there was changed, or never was the right
-- one. Only the last month counts, so that a change shows within it.
select
    claims.source,
    claims.account_id,
    claims.goal,
    sum(claims.claimed_conversions) as claimed_conversions
from {{ ref("fct_platform_claims") }} as claims
inner join {{ source("company", "goal_mappings") }} as mappings
    on
        claims.source = mappings.source
        and claims.goal = mappings.goal
        and mappings.selector in (claims.action_id, claims.action_name)
where
    mappings.is_headline
    and not coalesce(claims.is_view_through, false)
    and claims.claim_date
    > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
group by claims.source, claims.account_id, claims.goal
having sum(claims.claimed_conversions) > 0 and not bool_or(claims.is_headline)
