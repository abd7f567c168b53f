{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- What one campaign of an account, or one goal of an action, is credited with too many, another is
-- with too few. A thousandth covers what is rounded.
select
    gaps.report_date,
    gaps.platform,
    gaps.account_id,
    coalesce(groups.goal_group, gaps.goal) as goal_group
from {{ ref("fct_reconciliation_daily") }} as gaps
left join {{ ref("int_reconciliation__goal_groups") }} as groups
    on gaps.platform = groups.platform and gaps.goal = groups.goal
group by
    gaps.report_date, gaps.platform, gaps.account_id, coalesce(groups.goal_group, gaps.goal)
having abs(sum(gaps.other_campaigns_conversions)) > 0.001
