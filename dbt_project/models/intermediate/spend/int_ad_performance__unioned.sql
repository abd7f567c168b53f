-- The levels a platform reports, as it reports them: none of them adds up to the next. A row that
-- names no account belongs to the one that has its campaign.
with reported as (
    select
        source,
        level,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("shape_ad_performance") }}
    union all
    select
        source,
        'account' as level,
        platform,
        account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("shape_account_spend") }}
),

campaign_accounts as (
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("int_campaigns__accounts") }}
),

platform_accounts as (
    select
        platform,
        account_id
    from {{ ref("int_platforms__accounts") }}
),

final as (
    select
        reported.source,
        reported.level,
        reported.platform,
        coalesce(
            reported.account_id,
            campaign_accounts.account_id,
            case when reported.campaign_id is null then platform_accounts.account_id end,
            '(unknown)'
        ) as account_id,
        reported.campaign_id,
        reported.ad_group_id,
        reported.ad_id,
        reported.ad_date,
        reported.currency_code,
        sum(reported.impressions) as impressions,
        sum(reported.clicks) as clicks,
        sum(reported.spend_amount_local) as spend_amount_local
    from reported
    left join campaign_accounts
        on
            reported.platform = campaign_accounts.platform
            and reported.campaign_id = campaign_accounts.campaign_id
    left join platform_accounts on reported.platform = platform_accounts.platform
    group by all
)

select * from final
