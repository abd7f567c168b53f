{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- The goals of a day are not all that its channels, or its campaigns, have.
with goals as (
    select * from {{ ref("fct_goal_daily") }}
),

of_channels as (
    select
        report_date,
        channel,
        sum(reconciled_conversions) as conversions,
        sum(reconciled_revenue_amount) as revenue_amount,
        sum(reconciled_margin_amount) as margin_amount
    from goals
    group by report_date, channel
),

of_campaigns as (
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount,
        sum(reconciled_conversions) as conversions,
        sum(reconciled_revenue_amount) as revenue_amount,
        sum(reconciled_margin_amount) as margin_amount
    from goals
    where platform is not null
    group by report_date, channel, platform, account_id, campaign_id
)

select
    'channel' as what,
    channels.report_date,
    channels.channel,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    channels.reconciled_revenue_amount as expected_amount,
    of_channels.revenue_amount as found_amount
from {{ ref("fct_channel_daily") }} as channels
full outer join of_channels
    on
        channels.report_date = of_channels.report_date
        and channels.channel = of_channels.channel
where
    coalesce(channels.reconciled_conversions, 0) != coalesce(of_channels.conversions, 0)
    or coalesce(channels.reconciled_revenue_amount, 0) != coalesce(of_channels.revenue_amount, 0)
    or coalesce(channels.reconciled_margin_amount, 0) != coalesce(of_channels.margin_amount, 0)
union all
select
    'campaign' as what,
    campaigns.report_date,
    campaigns.channel,
    campaigns.campaign_id,
    campaigns.reconciled_revenue_amount as expected_amount,
    of_campaigns.revenue_amount as found_amount
from {{ ref("fct_campaign_daily") }} as campaigns
full outer join of_campaigns
    on
        campaigns.report_date = of_campaigns.report_date
        and campaigns.channel = of_campaigns.channel
        and campaigns.platform = of_campaigns.platform
        and campaigns.account_id = of_campaigns.account_id
        and campaigns.campaign_id = of_campaigns.campaign_id
where
    coalesce(campaigns.claimed_conversions, 0) != coalesce(of_campaigns.claimed_conversions, 0)
    or coalesce(campaigns.claimed_amount, 0) != coalesce(of_campaigns.claimed_amount, 0)
    or coalesce(campaigns.reconciled_conversions, 0) != coalesce(of_campaigns.conversions, 0)
    or coalesce(campaigns.reconciled_revenue_amount, 0)
    != coalesce(of_campaigns.revenue_amount, 0)
    or coalesce(campaigns.reconciled_margin_amount, 0) != coalesce(of_campaigns.margin_amount, 0)
