with measured as (
    select * from {{ ref("int_daily__measured") }}
),

-- Claims of two platforms overlap: a channel that both claim in shows no sum of them.
shared as (
    select channel
    from measured
    where claimed_conversions != 0 or claimed_amount != 0
    group by channel
    having count(distinct platform) > 1
),

added as (
    select
        measured.report_date,
        measured.channel,
        cast(sum(measured.spend_amount) as decimal(18, 2)) as spend_amount,
        cast(sum(measured.impressions) as bigint) as impressions,
        cast(sum(measured.clicks) as bigint) as clicks,
        cast(
            sum(case when shared.channel is null then measured.claimed_conversions end)
            as decimal(18, 6)
        ) as claimed_conversions,
        cast(
            sum(case when shared.channel is null then measured.claimed_amount end)
            as decimal(18, 2)
        ) as claimed_amount,
        cast(sum(measured.ga4_conversions) as bigint) as ga4_conversions,
        cast(sum(measured.ga4_amount) as decimal(18, 2)) as ga4_amount,
        cast(sum(measured.reconciled_conversions) as decimal(18, 6)) as reconciled_conversions,
        cast(sum(measured.reconciled_revenue_amount) as decimal(18, 2))
            as reconciled_revenue_amount,
        cast(sum(measured.reconciled_margin_amount) as decimal(18, 2))
            as reconciled_margin_amount
    from measured
    left join shared on measured.channel = shared.channel
    group by measured.report_date, measured.channel
),

build as (
    select
        build.through_date,
        {{ add_days("build.through_date", "-settings.settled_after_days") }} as settled_through
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

stale as (
    select min(landed_through) as landed_through
    from {{ ref("int_sources__freshness") }}
    where is_stale
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
        {{ safe_ratio("added.spend_amount", "added.clicks") }} as cpc,
        {{ safe_ratio("added.clicks", "added.impressions") }} as ctr,
        {{ safe_ratio("added.claimed_conversions", "added.clicks") }} as claimed_cvr,
        {{ safe_ratio("added.reconciled_conversions", "added.clicks") }} as reconciled_cvr,
        {{ safe_ratio("added.spend_amount", "added.claimed_conversions") }} as claimed_cpa,
        {{ safe_ratio("added.spend_amount", "added.reconciled_conversions") }} as reconciled_cpa,
        {{ safe_ratio("added.claimed_amount", "added.spend_amount") }} as claimed_roas,
        {{ safe_ratio("added.reconciled_revenue_amount", "added.spend_amount") }}
            as reconciled_roas,
        {{ safe_ratio("added.claimed_amount", "added.claimed_conversions") }}
            as claimed_aov,
        {{ safe_ratio("added.reconciled_revenue_amount", "added.reconciled_conversions") }}
            as reconciled_aov,
        {{ safe_ratio("added.claimed_conversions", "added.reconciled_conversions") }}
            as claim_ratio,
        added.report_date <= build.settled_through as is_settled,
        coalesce(added.report_date > stale.landed_through, false) as is_stale
    from added
    cross join build
    cross join stale
)

select * from final
