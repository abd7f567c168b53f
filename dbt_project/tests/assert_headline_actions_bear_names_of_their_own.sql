{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- Two actions of one account are called alike, and the company file maps them by that name.
-- Both are headline claims of a goal, so they add up: where they count the same conversions twice,
-- the headline doubles. Map the one that is meant by its id. Only the last month counts.
with claims as (
    select
        claims.platform,
        claims.account_id,
        claims.goal,
        actions.action_name,
        claims.action_id,
        claims.claim_date,
        claims.claimed_conversions,
        claims.claimed_amount_local,
        claims.currency_code
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__actions") }} as actions
        on claims.action_key = actions.action_key
    where
        claims.is_headline
        and actions.mapped_by = 'name'
        and claims.claim_date
        > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
),

actions as (
    select
        platform,
        account_id,
        goal,
        action_name,
        action_id,
        min(claim_date) as first_date,
        count(*) as row_count,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local,
        max(currency_code) as currency_code
    from claims
    group by platform, account_id, goal, action_name, action_id
)

select
    platform || ' ' || account_id || ' ' || goal as segment,
    max(first_date) as since_date,
    sum(row_count) as affected_rows,
    sum(claimed_conversions) as claimed_conversions,
    sum(claimed_amount_local) as affected_amount_local,
    max(currency_code) as currency_code,
    'the actions ' || string_agg(action_id, ', ' order by action_id) || ' are all called '
    || action_name as observed
from actions
group by platform, account_id, goal, action_name
having count(*) > 1
