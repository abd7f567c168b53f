{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- An action in a file of claims is mapped to no goal, so its claims are in no daily mart.
-- A vendor counts many actions that nobody asked for; a file holds what somebody chose, so this
-- one is misspelt, or forgotten among the goals' mappings. Only the last month counts.
with claims as (
    select
        claims.platform,
        claims.account_id,
        claims.action_id,
        claims.definition_key,
        claims.currency_code,
        actions.feed,
        min(claims.claim_date) as since_date,
        sum(claims.claimed_conversions) as claimed_conversions,
        sum(claims.claimed_amount_local) as claimed_amount_local
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__actions") }} as actions
        on claims.action_key = actions.action_key
    where
        actions.feed is not null
        and actions.goal is null
        and claims.claimed_conversions > 0
        and claims.claim_date
        > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
    group by
        claims.platform,
        claims.account_id,
        claims.action_id,
        claims.definition_key,
        claims.currency_code,
        actions.feed
)

-- Definitions count the same conversions: the largest of them says how many.
select
    platform || ' ' || account_id || ' ' || action_id as segment,
    since_date,
    claimed_amount_local as affected_amount_local,
    currency_code,
    cast(round(claimed_conversions, 2) as {{ dbt.type_string() }})
    || ' conversions of feed ' || feed || ' are of no goal' as observed
from claims
qualify
    row_number() over (
        partition by platform, account_id, action_id
        order by claimed_conversions desc, definition_key
    ) = 1
