{{ config(severity="warn", meta={"runbook": "docs/runbook.md#channels"}) }}

-- Campaigns and audiences the company file declares to be of retargeting, and that nobody has seen:
-- an id with a slip, a name that was changed. And audiences that share their campaign with others:
-- a campaign is of one channel, so what they spend stays with its type.
with declared as (
    select * from {{ source("company", "retargeting") }}
),

campaigns as (
    select
        platform,
        account_id,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

names as (
    select
        platform,
        campaign_id,
        campaign_name
    from {{ ref("dim_campaign") }}
    where is_current
),

ad_groups as (
    select
        spend.platform,
        spend.ad_group_id,
        min(spend.ad_date) as since_date,
        sum(spend.spend_amount_local) as amount,
        min(spend.currency_code) as currency_code,
        bool_and(campaigns.channel = 'retargeting') as is_whole
    from {{ ref("fct_ad_performance_daily") }} as spend
    inner join campaigns
        on
            spend.platform = campaigns.platform
            and spend.account_id = campaigns.account_id
            and spend.campaign_id = campaigns.campaign_id
    where spend.ad_group_id is not null
    group by spend.platform, spend.ad_group_id
)

select
    'retargeting' as signal,
    declared.platform || ' '
    || coalesce(declared.campaign_id, declared.campaign_pattern, declared.ad_group_id)
    || case
        when ad_groups.ad_group_id is null then ' meets no campaign'
        else ' shares its campaign with other ad groups'
    end as segment,
    ad_groups.since_date,
    ad_groups.amount as affected_amount_local,
    ad_groups.currency_code
from declared
left join ad_groups
    on
        declared.platform = ad_groups.platform
        and declared.ad_group_id = ad_groups.ad_group_id
where
    coalesce(ad_groups.is_whole, false) is false
    and not exists (
        select 1
        from names
        where
            declared.platform = names.platform
            and (
                declared.campaign_id = names.campaign_id
                or {{ matches_fully("names.campaign_name", "lower(declared.campaign_pattern)") }}
            )
    )
