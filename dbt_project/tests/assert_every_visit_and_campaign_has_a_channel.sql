{{ config(severity="warn", meta={"runbook": "docs/runbook.md#channels"}) }}

-- Campaigns of a type that neither the platform's table nor a rule of the company file knows stand
-- under (unmapped); visits that something brought, and nobody knows what, under unassigned. Named
-- here so that somebody writes the rule. A warning: the sums are whole without it.
select
    'visits' as signal,
    source || ' / ' || medium as segment,
    platform,
    campaign_name,
    min(touch_date) as since_date,
    count(*) as affected_rows,
    null as affected_amount_local,
    null as currency_code
from {{ ref("fct_touches") }}
where channel in ('(unmapped)', 'unassigned')
group by source, medium, platform, campaign_name
union all
select
    'campaigns' as signal,
    campaigns.platform || ' ' || campaigns.account_id || ' ' || campaigns.campaign_id
    || coalesce(' of type ' || campaigns.campaign_type, '') as segment,
    campaigns.platform,
    campaigns.campaign_name,
    min(spend.ad_date) as since_date,
    count(spend.ad_date) as affected_rows,
    sum(spend.spend_amount_local) as affected_amount_local,
    spend.currency_code
from {{ ref("int_campaigns__channels") }} as campaigns
left join {{ ref("fct_ad_performance_daily") }} as spend
    on
        campaigns.platform = spend.platform
        and campaigns.account_id = spend.account_id
        and campaigns.campaign_id = spend.campaign_id
where campaigns.channel = '(unmapped)'
group by
    campaigns.platform,
    campaigns.account_id,
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.campaign_type,
    spend.currency_code
