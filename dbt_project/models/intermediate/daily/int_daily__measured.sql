-- Everything the daily marts add up, one measure group per row: spend, headline claims of strong
-- goals, GA4's own conversions, and what really came in.
with channels as (
    select
        platform,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

performance as (
    select
        performance.ad_date as report_date,
        case
            when performance.campaign_id is null then '(unallocated)'
            else coalesce(channels.channel, '(unmapped)')
        end as channel,
        performance.platform,
        performance.account_id,
        coalesce(performance.campaign_id, '(unallocated)') as campaign_id,
        performance.spend_amount,
        performance.impressions,
        performance.clicks
    from {{ ref("fct_ad_performance_daily") }} as performance
    left join channels
        on
            performance.platform = channels.platform
            and performance.campaign_id = channels.campaign_id
),

claims as (
    select
        claims.claim_date as report_date,
        case
            when claims.campaign_id is null then '(unallocated)'
            else coalesce(channels.channel, '(unmapped)')
        end as channel,
        claims.platform,
        claims.account_id,
        coalesce(claims.campaign_id, '(unallocated)') as campaign_id,
        claims.claimed_conversions,
        claims.claimed_amount
    from {{ ref("fct_platform_claims") }} as claims
    left join channels
        on
            claims.platform = channels.platform
            and claims.campaign_id = channels.campaign_id
    where claims.is_headline and claims.tier = 'strong'
),

final as (
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        spend_amount,
        impressions,
        clicks,
        0 as claimed_conversions,
        0 as claimed_amount,
        0 as ga4_conversions,
        0 as ga4_amount,
        0 as reconciled_conversions,
        0 as reconciled_revenue_amount,
        0 as reconciled_margin_amount
    from performance
    union all
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        0 as spend_amount,
        0 as impressions,
        0 as clicks,
        claimed_conversions,
        claimed_amount,
        0 as ga4_conversions,
        0 as ga4_amount,
        0 as reconciled_conversions,
        0 as reconciled_revenue_amount,
        0 as reconciled_margin_amount
    from claims
    union all
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        0 as spend_amount,
        0 as impressions,
        0 as clicks,
        0 as claimed_conversions,
        0 as claimed_amount,
        ga4_conversions,
        ga4_amount,
        0 as reconciled_conversions,
        0 as reconciled_revenue_amount,
        0 as reconciled_margin_amount
    from {{ ref("int_ga4__credited") }}
    union all
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        0 as spend_amount,
        0 as impressions,
        0 as clicks,
        0 as claimed_conversions,
        0 as claimed_amount,
        0 as ga4_conversions,
        0 as ga4_amount,
        reconciled_conversions,
        0 as reconciled_revenue_amount,
        0 as reconciled_margin_amount
    from {{ ref("int_conversions__credited") }}
    union all
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        0 as spend_amount,
        0 as impressions,
        0 as clicks,
        0 as claimed_conversions,
        0 as claimed_amount,
        0 as ga4_conversions,
        0 as ga4_amount,
        0 as reconciled_conversions,
        reconciled_revenue_amount,
        reconciled_margin_amount
    from {{ ref("int_ledger_entries__credited") }}
)

select * from final
