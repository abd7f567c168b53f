-- Rows that add up to the account's control total: ads, then what a campaign spent outside ads
-- (Performance Max has none), then what the account was charged outside campaigns. Amounts are in
-- cents, so the sub-cent remainders of ads end up in the account's row.
with reported as (
    select * from {{ ref("int_ad_performance__unioned") }}
),

ads as (
    select
        source,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend_amount_local) as exact_spend_local
    from reported
    where level = 'ad'
    group by all
),

campaigns as (
    select
        source,
        platform,
        account_id,
        campaign_id,
        ad_date,
        currency_code,
        sum(case level when 'campaign' then impressions else -impressions end) as impressions,
        sum(case level when 'campaign' then clicks else -clicks end) as clicks,
        sum(case level when 'campaign' then spend_amount_local else -spend_amount_local end)
            as exact_spend_local
    from reported
    where level in ('ad', 'campaign')
    group by all
    having count(*) filter (where level = 'campaign') > 0
),

allocated as (
    select
        *,
        'ad' as allocation
    from ads
    union all
    select
        source,
        platform,
        account_id,
        campaign_id,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        exact_spend_local,
        'unallocated in campaign' as allocation
    from campaigns
    where impressions != 0 or clicks != 0 or abs(exact_spend_local) >= 0.005
),

rounded as (
    select
        source,
        allocation,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        cast(round(exact_spend_local, 2) as decimal(18, 2)) as spend_amount_local
    from allocated
),

control_totals as (
    select
        source,
        platform,
        account_id,
        ad_date,
        currency_code,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        cast(round(sum(spend_amount_local), 2) as decimal(18, 2)) as spend_amount_local
    from reported
    where level = 'account'
    group by all
),

account_sums as (
    select
        source,
        platform,
        account_id,
        ad_date,
        currency_code,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend_amount_local) as spend_amount_local
    from rounded
    group by all
),

account_remainders as (
    select
        control_totals.source,
        'unallocated in account' as allocation,
        control_totals.platform,
        control_totals.account_id,
        cast(null as varchar) as campaign_id,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_id,
        control_totals.ad_date,
        control_totals.currency_code,
        control_totals.impressions - coalesce(account_sums.impressions, 0) as impressions,
        control_totals.clicks - coalesce(account_sums.clicks, 0) as clicks,
        control_totals.spend_amount_local
        - coalesce(account_sums.spend_amount_local, 0) as spend_amount_local
    from control_totals
    left join account_sums
        on
            control_totals.source = account_sums.source
            and control_totals.platform = account_sums.platform
            and control_totals.account_id = account_sums.account_id
            and control_totals.ad_date = account_sums.ad_date
            and control_totals.currency_code = account_sums.currency_code
),

final as (
    select * from rounded
    union all
    select * from account_remainders
    where impressions != 0 or clicks != 0 or spend_amount_local != 0
)

select * from final
