{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- A platform claims conversions of a goal, none of them under the headline definition.
-- A window in the company file was changed, never was right, or the platform counts by another one
-- now; or the feed has no headline at all. Those days read as not known. Only the last month
-- counts, so that a change shows within it.
with covered as (
    select {{ add_days("through_date", -30) }} as after_date
    from {{ ref("int_builds__covered") }}
)

select
    runs.platform || ' ' || runs.account_id || ' ' || runs.goal as segment,
    runs.since_date,
    runs.run_days as affected_rows,
    runs.claimed_conversions,
    runs.claimed_amount_local as affected_amount_local,
    runs.currency_code,
    runs.observed
from {{ ref("int_claims__lost_headlines") }} as runs
cross join covered
where runs.last_claim_date > covered.after_date
