{{ config(materialized="table") }}

with measured as (
    select * from {{ ref("int_daily__measured") }}
),

known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

-- Claims of two platforms overlap: a channel that both claim in shows no sum of them.
shared as (
    select channel
    from measured
    where claimed_conversions != 0 or claimed_amount != 0
    group by channel
    having count(distinct platform) > 1
),

-- A platform that only a record or a link names has nothing to claim.
advertising as (
    select distinct platform
    from measured
    where measure in ('spend', 'claims')
),

-- Where nobody has landed what a platform claims, the channel's claims are unknown, not none.
unknown as (
    select distinct
        measured.report_date,
        measured.channel
    from measured
    inner join advertising on measured.platform = advertising.platform
    left join known_days
        on
            measured.platform = known_days.platform
            and measured.report_date = known_days.claim_date
    where known_days.platform is null
),

-- A company without a system of events has no view of its own there, which is not none.
seen as (
    select coalesce(bool_or(measure = 'events'), false) as has_events
    from measured
),

summed as (
    select
        report_date,
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
    group by report_date, channel
),

-- A channel of agencies whose clicks nobody counts has none that are known.
counted as (
    select
        channel,
        count(impressions) > 0 as has_impressions,
        count(clicks) > 0 as has_clicks
    from measured
    where measure = 'spend'
    group by channel
),

compared as (
    select
        report_date,
        channel,
        sum(compared_conversions) as compared_conversions,
        sum(compared_revenue_amount) as compared_revenue_amount
    from {{ ref("int_daily__compared") }}
    group by report_date, channel
),

build as (
    select
        build.through_date,
        settings.settled_after_days
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

ages as (
    select
        channel,
        max(mature_from_age) as mature_from_age
    from {{ ref("int_daily__mature_ages") }}
    group by channel
),

-- A channel in which nothing was claimed or brought matures as the company says.
aged as (
    select
        summed.*,
        case when coalesce(counted.has_impressions, true) then summed.summed_impressions end
            as impressions,
        case when coalesce(counted.has_clicks, true) then summed.summed_clicks end as clicks,
        build.through_date,
        {{ add_days(
            "summed.report_date", "coalesce(ages.mature_from_age, build.settled_after_days)"
        ) }} as mature_from_date
    from summed
    cross join build
    left join ages on summed.channel = ages.channel
    left join counted on summed.channel = counted.channel
),

added as (
    select
        aged.*,
        case when seen.has_events then aged.seen_conversions end as ga4_conversions,
        case when seen.has_events then aged.seen_amount end as ga4_amount,
        case
            when shared.channel is null and unknown.channel is null then aged.summed_conversions
        end as claimed_conversions,
        case
            when shared.channel is null and unknown.channel is null then aged.summed_amount
        end as claimed_amount,
        case
            when shared.channel is not null or unknown.channel is not null then null
            when compared.channel is null then 0
            else compared.compared_conversions
        end as compared_conversions,
        case
            when shared.channel is not null or unknown.channel is not null then null
            when compared.channel is null then 0
            else compared.compared_revenue_amount
        end as compared_revenue_amount
    from aged
    cross join seen
    left join shared on aged.channel = shared.channel
    left join unknown
        on aged.report_date = unknown.report_date and aged.channel = unknown.channel
    left join compared
        on aged.report_date = compared.report_date and aged.channel = compared.channel
),

stale as (
    select min(landed_through) as landed_through
    from {{ ref("int_sources__freshness") }}
    where is_stale
),

missing as (
    select
        report_date,
        missing_accounts
    from {{ ref("int_daily__missing_accounts") }}
    where platform is null
),

final as (
    select
        added.report_date,
        added.channel,
        added.spend_amount,
        added.impressions,
        added.clicks,
        added.claimed_conversions,
        added.claimed_amount,
        added.ga4_conversions,
        added.ga4_amount,
        added.reconciled_conversions,
        added.reconciled_revenue_amount,
        added.reconciled_margin_amount,
        cast(added.compared_conversions as decimal(18, 6)) as compared_conversions,
        cast(added.compared_revenue_amount as decimal(38, 6)) as compared_revenue_amount,
        {{ safe_ratio("added.spend_amount", "added.clicks") }} as cpc,
        {{ safe_ratio("added.clicks", "added.impressions") }} as ctr,
        {{ safe_ratio("added.claimed_conversions", "added.clicks") }} as claimed_cvr,
        {{ safe_ratio("added.reconciled_conversions", "added.clicks") }} as reconciled_cvr,
        {{ safe_ratio("nullif(added.spend_amount, 0)", "added.claimed_conversions") }}
            as claimed_cpa,
        {{ safe_ratio("nullif(added.spend_amount, 0)", "added.reconciled_conversions") }}
            as reconciled_cpa,
        {{ safe_ratio("added.claimed_amount", "added.spend_amount") }} as claimed_roas,
        {{ safe_ratio("added.reconciled_revenue_amount", "added.spend_amount") }}
            as reconciled_roas,
        {{ safe_ratio("added.compared_revenue_amount", "added.spend_amount") }} as compared_roas,
        {{ safe_ratio("added.claimed_amount", "added.claimed_conversions") }}
            as claimed_aov,
        {{ safe_ratio("added.reconciled_revenue_amount", "added.reconciled_conversions") }}
            as reconciled_aov,
        {{ safe_ratio("added.claimed_conversions", "added.compared_conversions") }}
            as claim_ratio,
        added.mature_from_date <= added.through_date as is_settled,
        added.mature_from_date,
        coalesce(added.report_date > stale.landed_through, false)
        or missing.missing_accounts is not null as is_stale,
        missing.missing_accounts
    from added
    cross join stale
    left join missing on added.report_date = missing.report_date
)

select * from final
