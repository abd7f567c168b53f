{{ config(materialized="table") }}

with measured as (
    select * from {{ ref("int_daily__measured") }}
    where platform is not null
),

-- A company without a system of events has no view of its own there, which is not none.
seen as (
    select coalesce(bool_or(measure = 'events'), false) as has_events
    from {{ ref("int_daily__measured") }}
),

added as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        channel,
        {{ sum_of_measure("spend_amount", "spend", "decimal(38, 6)") }} as spend_amount,
        {{ sum_of_measure("impressions", "spend", "bigint") }} as summed_impressions,
        {{ sum_of_measure("clicks", "spend", "bigint") }} as summed_clicks,
        {{ sum_of_measure("claimed_conversions", "claims", "decimal(18, 6)") }}
            as summed_conversions,
        {{ sum_of_measure("claimed_amount", "claims", "decimal(38, 6)") }} as summed_amount,
        {{ sum_of_measure("ga4_conversions", "events", "bigint") }} as seen_conversions,
        {{ sum_of_measure("ga4_amount", "events", "decimal(38, 6)") }} as seen_amount,
        {{ sum_of_measure("reconciled_conversions", "conversions", "decimal(18, 6)") }}
            as reconciled_conversions,
        {{ sum_of_measure("reconciled_revenue_amount", "ledger", "decimal(38, 6)") }}
            as reconciled_revenue_amount,
        {{ sum_of_measure("reconciled_margin_amount", "ledger", "decimal(38, 6)") }}
            as reconciled_margin_amount
    from measured
    group by report_date, platform, account_id, campaign_id, channel
),

-- An agency whose clicks nobody counts has none that are known, on days without a bill either.
counted as (
    select
        platform,
        count(impressions) > 0 as has_impressions,
        count(clicks) > 0 as has_clicks
    from measured
    where measure = 'spend'
    group by platform
),

build as (
    select
        build.through_date,
        settings.settled_after_days
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

-- A campaign that neither claimed nor brought anything matures as the company says.
aged as (
    select
        added.*,
        case when coalesce(counted.has_impressions, true) then added.summed_impressions end
            as impressions,
        case when coalesce(counted.has_clicks, true) then added.summed_clicks end as clicks,
        build.through_date,
        {{ add_days(
            "added.report_date", "coalesce(ages.mature_from_age, build.settled_after_days)"
        ) }} as mature_from_date
    from added
    cross join build
    left join counted on added.platform = counted.platform
    left join {{ ref("int_daily__mature_ages") }} as ages
        on
            added.channel = ages.channel
            and added.platform = ages.platform
            and added.account_id = ages.account_id
            and added.campaign_id = ages.campaign_id
),

-- Where nobody has landed what a platform claims, its claims are unknown, not none.
known as (
    select
        aged.*,
        case when seen.has_events then aged.seen_conversions end as ga4_conversions,
        case when seen.has_events then aged.seen_amount end as ga4_amount,
        case when known_days.platform is not null then aged.summed_conversions end
            as claimed_conversions,
        case when known_days.platform is not null then aged.summed_amount end as claimed_amount,
        case
            when compared.platform is not null then compared.compared_conversions
            when known_days.platform is not null then 0
        end as compared_conversions,
        case
            when compared.platform is not null then compared.compared_revenue_amount
            when known_days.platform is not null then 0
        end as compared_revenue_amount
    from aged
    cross join seen
    left join {{ ref("int_claims__known_days") }} as known_days
        on aged.platform = known_days.platform and aged.report_date = known_days.claim_date
    left join {{ ref("int_daily__compared") }} as compared
        on
            aged.report_date = compared.report_date
            and aged.channel = compared.channel
            and aged.platform = compared.platform
            and aged.account_id = compared.account_id
            and aged.campaign_id = compared.campaign_id
),

stale as (
    select min(landed_through) as landed_through
    from {{ ref("int_sources__freshness") }}
    where is_stale
),

missing as (
    select
        report_date,
        platform,
        missing_accounts
    from {{ ref("int_daily__missing_accounts") }}
),

campaigns as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name
    from {{ ref("int_campaigns__channels") }}
),

final as (
    select
        known.report_date,
        known.platform,
        known.account_id,
        known.campaign_id,
        coalesce(campaigns.campaign_name, known.campaign_id) as campaign_name,
        known.channel,
        known.spend_amount,
        known.impressions,
        known.clicks,
        known.claimed_conversions,
        known.claimed_amount,
        known.ga4_conversions,
        known.ga4_amount,
        known.reconciled_conversions,
        known.reconciled_revenue_amount,
        known.reconciled_margin_amount,
        cast(known.compared_conversions as decimal(18, 6)) as compared_conversions,
        cast(known.compared_revenue_amount as decimal(38, 6)) as compared_revenue_amount,
        {{ safe_ratio("known.spend_amount", "known.clicks") }} as cpc,
        {{ safe_ratio("known.clicks", "known.impressions") }} as ctr,
        {{ safe_ratio("known.claimed_conversions", "known.clicks") }} as claimed_cvr,
        {{ safe_ratio("known.reconciled_conversions", "known.clicks") }} as reconciled_cvr,
        {{ safe_ratio("nullif(known.spend_amount, 0)", "known.claimed_conversions") }}
            as claimed_cpa,
        {{ safe_ratio("nullif(known.spend_amount, 0)", "known.reconciled_conversions") }}
            as reconciled_cpa,
        {{ safe_ratio("known.claimed_amount", "known.spend_amount") }} as claimed_roas,
        {{ safe_ratio("known.reconciled_revenue_amount", "known.spend_amount") }}
            as reconciled_roas,
        {{ safe_ratio("known.compared_revenue_amount", "known.spend_amount") }} as compared_roas,
        {{ safe_ratio("known.claimed_amount", "known.claimed_conversions") }}
            as claimed_aov,
        {{ safe_ratio("known.reconciled_revenue_amount", "known.reconciled_conversions") }}
            as reconciled_aov,
        {{ safe_ratio("known.claimed_conversions", "known.compared_conversions") }}
            as claim_ratio,
        known.mature_from_date <= known.through_date as is_settled,
        known.mature_from_date,
        coalesce(known.report_date > stale.landed_through, false)
        or missing.missing_accounts is not null as is_stale,
        missing.missing_accounts
    from known
    cross join stale
    left join missing
        on known.platform = missing.platform and known.report_date = missing.report_date
    left join campaigns
        on
            known.platform = campaigns.platform
            and known.account_id = campaigns.account_id
            and known.campaign_id = campaigns.campaign_id
)

select * from final
