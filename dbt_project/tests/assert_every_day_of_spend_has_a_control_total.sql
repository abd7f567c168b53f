{{ config(severity="warn", meta={"runbook": "docs/runbook.md#spend"}) }}

-- A platform that says what its accounts were charged does not say so for a day it reports ads of.
-- Nothing shows that the spend of that day is whole.
with control_totals as (
    select distinct
        platform,
        account_id,
        ad_date
    from {{ ref("shape_account_spend") }}
),

platforms as (
    select distinct platform
    from {{ ref("shape_account_spend") }}
)

select
    spend.platform || ' ' || spend.account_id as segment,
    min(spend.ad_date) as since_date,
    count(distinct spend.ad_date) as day_count,
    count(*) as affected_rows,
    sum(spend.spend_amount_local) as affected_amount_local,
    spend.currency_code
from {{ ref("fct_ad_performance_daily") }} as spend
left join control_totals
    on
        spend.platform = control_totals.platform
        and spend.account_id = control_totals.account_id
        and spend.ad_date = control_totals.ad_date
where
    spend.platform in (select platform from platforms)
    and control_totals.account_id is null
    and spend.spend_amount_local != 0
group by spend.platform, spend.account_id, spend.currency_code
