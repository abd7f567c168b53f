{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- A cause that no conversion of a row has holds no money of it either.
-- What is claimed of another value than its conversion is worth is the valuation. Causes that move
-- conversions between days or money alone are left out: in one row they may be none and have both.
select
    report_date,
    platform,
    account_id,
    campaign_id,
    goal
from {{ ref("fct_reconciliation_daily") }}
where
    (duplicate_firing_conversions = 0 and duplicate_firing_amount != 0)
    or (not_yet_settled_conversions = 0 and not_yet_settled_amount != 0)
    or (other_campaigns_conversions = 0 and other_campaigns_amount != 0)
    or (unseen_conversions = 0 and unseen_amount != 0)
    or (unreported_conversions = 0 and unreported_amount != 0)
    or (unexplained_conversions = 0 and unexplained_amount != 0)
