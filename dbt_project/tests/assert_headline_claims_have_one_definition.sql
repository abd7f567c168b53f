{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- Promise 6. Headline claims of a platform, account and goal are of several definitions on a day.
-- They answer different questions, so the daily marts show none of the platform's claims on those
-- days: name one action as the headline in the company file. The day counts, because a default may
-- change: older days keep what they had.
with days as (
    select
        platform,
        account_id,
        goal,
        claim_date,
        count(distinct definition_key) as definition_count,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local,
        max(currency_code) as currency_code
    from {{ ref("fct_platform_claims") }}
    where is_headline
    group by platform, account_id, goal, claim_date
    having count(distinct definition_key) > 1
)

select
    platform || ' ' || account_id || ' ' || goal as segment,
    min(claim_date) as since_date,
    count(*) as day_count,
    max(definition_count) as definition_count,
    sum(claimed_conversions) as claimed_conversions,
    sum(claimed_amount_local) as affected_amount_local,
    max(currency_code) as currency_code
from days
group by platform, account_id, goal
