-- Promise 6. What the daily marts add up is, per platform, account, goal and day, of one
-- definition. The day counts, because a default may change: older days keep what they had.
select
    platform,
    account_id,
    goal,
    claim_date,
    count(distinct definition_key) as definition_count
from {{ ref("fct_platform_claims") }}
where is_headline
group by platform, account_id, goal, claim_date
having count(distinct definition_key) > 1
