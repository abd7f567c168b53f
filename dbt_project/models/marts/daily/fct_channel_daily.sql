{{ config(materialized="view") }}

-- What is built, and beside it whether what counts it worked on the day: the gates write incidents
-- after the build, and a view shows them at once.
with channels as (
    select * from {{ ref("int_daily__channels") }}
),

incidents as (
    select * from {{ ref("int_incidents__marking") }}
),

keys as (
    select distinct
        report_date,
        channel
    from channels
),

-- An incident of one platform touches the channels in which it shows that day.
platforms as (
    select distinct
        report_date,
        channel,
        platform
    from {{ ref("int_daily__campaigns") }}
),

touched as (
    select
        keys.report_date,
        keys.channel,
        min(incidents.precedence) as precedence
    from keys
    inner join incidents
        on
            keys.report_date >= incidents.onset_date
            and keys.report_date < incidents.end_date
    left join platforms
        on
            incidents.touched_platform = platforms.platform
            and keys.report_date = platforms.report_date
            and keys.channel = platforms.channel
    where incidents.touched_platform is null or platforms.platform is not null
    group by keys.report_date, keys.channel
),

final as (
    select
        channels.report_date,
        channels.channel,
        channels.spend_amount,
        channels.impressions,
        channels.clicks,
        channels.claimed_conversions,
        channels.claimed_amount,
        channels.ga4_conversions,
        channels.ga4_amount,
        channels.reconciled_conversions,
        channels.reconciled_revenue_amount,
        channels.reconciled_margin_amount,
        channels.compared_conversions,
        channels.compared_revenue_amount,
        channels.cpc,
        channels.ctr,
        channels.claimed_cvr,
        channels.reconciled_cvr,
        channels.claimed_cpa,
        channels.reconciled_cpa,
        channels.claimed_roas,
        channels.reconciled_roas,
        channels.compared_roas,
        channels.claimed_aov,
        channels.reconciled_aov,
        channels.claim_ratio,
        channels.is_settled,
        channels.mature_from_date,
        channels.is_stale,
        channels.missing_accounts,
        coalesce(incidents.cause_family, 'ok') as tracking_health,
        incidents.incident_id
    from channels
    left join touched
        on
            channels.report_date = touched.report_date
            and channels.channel = touched.channel
    left join incidents on touched.precedence = incidents.precedence
)

select * from final
