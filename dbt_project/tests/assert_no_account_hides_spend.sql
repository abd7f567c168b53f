{{ config(severity="warn", meta={"runbook": "docs/runbook.md#unallocated"}) }}

-- Spend of an account that no campaign explains, or campaigns that spend more than their account.
-- Pages of a report were lost. A warning, because platforms do credit invalid clicks on the account
-- alone.
with days as (
    select
        platform,
        account_id,
        ad_date,
        currency_code,
        sum(
            case allocation when 'unallocated in account' then spend_amount_local else 0 end
        ) as unexplained_amount_local,
        sum(spend_amount_local) as spend_amount_local
    from {{ ref("fct_ad_performance_daily") }}
    group by platform, account_id, ad_date, currency_code
)

select
    platform || ' ' || account_id as segment,
    min(ad_date) as since_date,
    count(*) as day_count,
    sum(unexplained_amount_local) as affected_amount_local,
    sum(spend_amount_local) as spend_amount_local,
    currency_code
from days
where abs(unexplained_amount_local) > greatest(0.1 * spend_amount_local, 10)
group by platform, account_id, currency_code
