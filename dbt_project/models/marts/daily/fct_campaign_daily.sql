{{ config(materialized="view") }}

-- What is built, and beside it whether what counts it worked on the day: the gates write incidents
-- after the build, and a view shows them at once.
with campaigns as (
    select * from {{ ref("int_daily__campaigns") }}
),

incidents as (
    select * from {{ ref("int_incidents__marking") }}
),

keys as (
    select distinct
        report_date,
        platform,
        campaign_id
    from campaigns
),

touched as (
    select
        keys.report_date,
        keys.platform,
        keys.campaign_id,
        min(incidents.precedence) as precedence
    from keys
    inner join incidents
        on
            keys.report_date >= incidents.onset_date
            and keys.report_date < incidents.end_date
            and keys.platform = coalesce(incidents.touched_platform, keys.platform)
            and keys.campaign_id = coalesce(incidents.touched_campaign_id, keys.campaign_id)
    group by keys.report_date, keys.platform, keys.campaign_id
),

final as (
    select
        campaigns.report_date,
        campaigns.platform,
        campaigns.account_id,
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.spend_amount,
        campaigns.impressions,
        campaigns.clicks,
        campaigns.claimed_conversions,
        campaigns.claimed_amount,
        campaigns.ga4_conversions,
        campaigns.ga4_amount,
        campaigns.reconciled_conversions,
        campaigns.reconciled_revenue_amount,
        campaigns.reconciled_margin_amount,
        campaigns.compared_conversions,
        campaigns.compared_revenue_amount,
        campaigns.cpc,
        campaigns.ctr,
        campaigns.claimed_cvr,
        campaigns.reconciled_cvr,
        campaigns.claimed_cpa,
        campaigns.reconciled_cpa,
        campaigns.claimed_roas,
        campaigns.reconciled_roas,
        campaigns.compared_roas,
        campaigns.claimed_aov,
        campaigns.reconciled_aov,
        campaigns.claim_ratio,
        campaigns.is_settled,
        campaigns.mature_from_date,
        campaigns.is_stale,
        campaigns.missing_accounts,
        coalesce(incidents.cause_family, 'ok') as tracking_health,
        incidents.incident_id
    from campaigns
    left join touched
        on
            campaigns.report_date = touched.report_date
            and campaigns.platform = touched.platform
            and campaigns.campaign_id = touched.campaign_id
    left join incidents on touched.precedence = incidents.precedence
)

select * from final
