{{ config(meta={"runbook": "docs/runbook.md#spend"}) }}

-- Promise 2. The rows of an account and day do not add up to what the platform says it was charged.
-- To the last decimal, unallocated rows included. Days without a control total are looked at by
-- assert_every_day_of_spend_has_a_control_total.
with control_totals as (
    select
        platform,
        account_id,
        ad_date,
        currency_code,
        sum(spend_amount_local) as spend_amount_local
    from {{ ref("shape_account_spend") }}
    group by platform, account_id, ad_date, currency_code
),

mart as (
    select
        platform,
        account_id,
        ad_date,
        currency_code,
        sum(spend_amount_local) as spend_amount_local
    from {{ ref("fct_ad_performance_daily") }}
    group by platform, account_id, ad_date, currency_code
)

select
    control_totals.platform || ' ' || control_totals.account_id as segment,
    control_totals.ad_date as since_date,
    control_totals.spend_amount_local as control_amount_local,
    mart.spend_amount_local as mart_amount_local,
    coalesce(mart.spend_amount_local, 0) - control_totals.spend_amount_local
        as affected_amount_local,
    control_totals.currency_code
from control_totals
left join mart
    on
        control_totals.platform = mart.platform
        and control_totals.account_id = mart.account_id
        and control_totals.ad_date = mart.ad_date
        and control_totals.currency_code is not distinct from mart.currency_code
where control_totals.spend_amount_local != coalesce(mart.spend_amount_local, 0)
