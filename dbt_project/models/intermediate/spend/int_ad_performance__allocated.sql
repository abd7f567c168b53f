{{ config(materialized="table") }}

-- Rows that add up to the account's control total: ads, then what a campaign spent outside ads
-- (Performance Max has none), then what the account was charged outside campaigns. Nothing is
-- rounded: a remainder of a millionth is a row too.
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
        sum(spend_amount_local) as spend_amount_local
    from reported
    where level = 'ad'
    group by all
),

campaign_remainders as (
    select
        source,
        platform,
        account_id,
        campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        ad_date,
        currency_code,
        sum(case level when 'campaign' then impressions else -impressions end) as impressions,
        sum(case level when 'campaign' then clicks else -clicks end) as clicks,
        sum(case level when 'campaign' then spend_amount_local else -spend_amount_local end)
            as spend_amount_local
    from reported
    where level in ('ad', 'campaign')
    group by all
    having count(*) filter (where level = 'campaign') > 0
),

within_campaigns as (
    select
        *,
        'ad' as allocation
    from ads
    union all
    select
        *,
        'unallocated in campaign' as allocation
    from campaign_remainders
    where
        coalesce(impressions, 0) != 0
        or coalesce(clicks, 0) != 0
        or spend_amount_local != 0
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
        sum(spend_amount_local) as spend_amount_local
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
    from within_campaigns
    group by all
),

account_remainders as (
    select
        control_totals.source,
        control_totals.platform,
        control_totals.account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        control_totals.ad_date,
        control_totals.currency_code,
        control_totals.impressions - coalesce(account_sums.impressions, 0) as impressions,
        control_totals.clicks - coalesce(account_sums.clicks, 0) as clicks,
        control_totals.spend_amount_local
        - coalesce(account_sums.spend_amount_local, 0) as spend_amount_local,
        'unallocated in account' as allocation
    from control_totals
    left join account_sums
        on
            control_totals.source = account_sums.source
            and control_totals.platform = account_sums.platform
            and control_totals.account_id = account_sums.account_id
            and control_totals.ad_date = account_sums.ad_date
            and control_totals.currency_code is not distinct from account_sums.currency_code
),

final as (
    select * from within_campaigns
    union all
    select * from account_remainders
    where
        coalesce(impressions, 0) != 0
        or coalesce(clicks, 0) != 0
        or spend_amount_local != 0
)

select * from final
