-- Promise 6. What the daily marts add up is, per platform, account and goal, of one definition.
select
    platform,
    account_id,
    goal,
    count(distinct definition_key) as definition_count
from {{ ref("fct_platform_claims") }}
where is_headline
group by platform, account_id, goal
having count(distinct definition_key) > 1
