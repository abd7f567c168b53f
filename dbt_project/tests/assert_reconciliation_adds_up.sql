{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- What is reconciled and all causes of a gap are what is claimed, to the last digit.
select
    report_date,
    platform,
    account_id,
    campaign_id,
    goal
from {{ ref("fct_reconciliation_daily") }}
where
    claimed_conversions != reconciled_conversions
    + cancellations_conversions
    + other_channels_conversions
    + other_platforms_conversions
    + window_conversions
    + zone_conversions
    + date_basis_conversions
    + view_through_conversions
    + overlapping_conversions
    + modelled_conversions
    + duplicate_firing_conversions
    + not_yet_settled_conversions
    + other_campaigns_conversions
    + unseen_conversions
    + unreported_conversions
    + no_conversion_conversions
    + unexplained_conversions
    or claimed_amount != reconciled_amount
    + refunds_amount
    + cancellations_amount
    + other_channels_amount
    + other_platforms_amount
    + window_amount
    + zone_amount
    + date_basis_amount
    + currency_amount
    + valuation_amount
    + view_through_amount
    + overlapping_amount
    + modelled_amount
    + duplicate_firing_amount
    + not_yet_settled_amount
    + other_campaigns_amount
    + unseen_amount
    + unreported_amount
    + no_conversion_amount
    + unexplained_amount
