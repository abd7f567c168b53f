{{ config(severity="warn") }}

-- Spend no campaign explains, or campaigns that spend more than their account: pages of a report
-- were lost. A warning, because platforms do credit invalid clicks on the account alone.
select
    platform,
    account_id,
    ad_date,
    sum(case allocation when 'unallocated in account' then spend_amount_local else 0 end)
        as unexplained_amount_local,
    sum(spend_amount_local) as spend_amount_local
from {{ ref("fct_ad_performance_daily") }}
group by platform, account_id, ad_date
having
    abs(sum(case allocation when 'unallocated in account' then spend_amount_local else 0 end))
    > greatest(0.1 * sum(spend_amount_local), 10)
