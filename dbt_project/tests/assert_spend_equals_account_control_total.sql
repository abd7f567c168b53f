-- Promise 2. Per account, day and currency the rows of the mart, unallocated ones included, add up
-- to what the platform says the account was charged. A platform that gives control totals must
-- give one for every day it reports ads for.
with control_totals as (
    select
        platform,
        account_id,
        ad_date,
        currency_code,
        cast(round(sum(spend_amount_local), 2) as decimal(18, 2)) as spend_amount_local
    from {{ ref("int_ad_performance__unioned") }}
    where level = 'account'
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
    where platform in (select platform from control_totals)
    group by platform, account_id, ad_date, currency_code
)

select
    coalesce(control_totals.platform, mart.platform) as platform,
    coalesce(control_totals.account_id, mart.account_id) as account_id,
    coalesce(control_totals.ad_date, mart.ad_date) as ad_date,
    coalesce(control_totals.currency_code, mart.currency_code) as currency_code,
    control_totals.spend_amount_local as control_amount_local,
    mart.spend_amount_local as mart_amount_local
from control_totals
full outer join mart
    on
        control_totals.platform = mart.platform
        and control_totals.account_id = mart.account_id
        and control_totals.ad_date = mart.ad_date
        and control_totals.currency_code = mart.currency_code
where
    control_totals.account_id is null
    or control_totals.spend_amount_local != coalesce(mart.spend_amount_local, 0)
