{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- A platform claims conversions of a goal, none of them under the headline definition.
-- The goal reads as claimed by nobody: a window in the company file was changed, never was right,
-- or the feed has no headline at all. Only the last month counts, so that a change shows within it.
with claims as (
    select
        claims.*,
        actions.is_headline as is_headline_action
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__actions") }} as actions
        on claims.action_key = actions.action_key
    where
        claims.goal is not null
        and not coalesce(claims.is_view_through, false)
        and claims.claim_date
        > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
)

select
    platform || ' ' || account_id || ' ' || goal as segment,
    min(claim_date) as since_date,
    count(*) as affected_rows,
    sum(claimed_conversions) as claimed_conversions,
    sum(claimed_amount_local) as affected_amount_local,
    max(currency_code) as currency_code
from claims
where is_headline_action
group by platform, account_id, goal
having sum(claimed_conversions) > 0 and not bool_or(is_headline)
