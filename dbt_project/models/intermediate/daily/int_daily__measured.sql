{{ config(materialized="table") }}

-- Everything the daily marts add up, by measure: spend, headline claims of strong goals, what the
-- events systems credit, conversions that stand, and money that really came in. What a measure does
-- not speak of is null, and so is all of a claim that is set aside.
with channels as (
    select
        platform,
        account_id,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

of_platforms as (
    select
        'spend' as measure,
        ad_date as report_date,
        platform,
        account_id,
        campaign_id,
        cast(null as {{ dbt.type_string() }}) as goal,
        spend_amount,
        impressions,
        clicks,
        null as claimed_conversions,
        null as claimed_amount
    from {{ ref("fct_ad_performance_daily") }}
    union all
    select
        'claims' as measure,
        claim_date as report_date,
        platform,
        account_id,
        campaign_id,
        goal,
        null as spend_amount,
        null as impressions,
        null as clicks,
        case
            when not ({{ is_unconverted("claimed_amount_local", "claimed_amount") }})
                then claimed_conversions
        end as claimed_conversions,
        claimed_amount
    from {{ ref("fct_platform_claims") }}
    where is_headline and tier = 'strong'
),

of_records as (
    select
        'events' as measure,
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        cast(null as {{ dbt.type_string() }}) as goal,
        ga4_conversions,
        ga4_amount,
        null as reconciled_conversions,
        null as new_customer_conversions,
        null as returning_customer_conversions,
        null as reconciled_revenue_amount,
        null as reconciled_margin_amount
    from {{ ref("int_events__credited") }}
    union all
    select
        'conversions' as measure,
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        goal,
        null as ga4_conversions,
        null as ga4_amount,
        reconciled_conversions,
        new_customer_conversions,
        returning_customer_conversions,
        null as reconciled_revenue_amount,
        null as reconciled_margin_amount
    from {{ ref("int_conversions__credited") }}
    union all
    select
        'ledger' as measure,
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        goal,
        null as ga4_conversions,
        null as ga4_amount,
        null as reconciled_conversions,
        null as new_customer_conversions,
        null as returning_customer_conversions,
        reconciled_revenue_amount,
        reconciled_margin_amount
    from {{ ref("int_ledger_entries__credited") }}
),

unioned as (
    select
        of_platforms.measure,
        of_platforms.report_date,
        case
            when of_platforms.campaign_id is null then '(unallocated)'
            else coalesce(channels.channel, '(unmapped)')
        end as channel,
        of_platforms.platform,
        of_platforms.account_id,
        coalesce(of_platforms.campaign_id, '(unallocated)') as campaign_id,
        of_platforms.goal,
        of_platforms.spend_amount,
        of_platforms.impressions,
        of_platforms.clicks,
        of_platforms.claimed_conversions,
        of_platforms.claimed_amount,
        null as ga4_conversions,
        null as ga4_amount,
        null as reconciled_conversions,
        null as new_customer_conversions,
        null as returning_customer_conversions,
        null as reconciled_revenue_amount,
        null as reconciled_margin_amount
    from of_platforms
    left join channels
        on
            of_platforms.platform = channels.platform
            and of_platforms.account_id = channels.account_id
            and of_platforms.campaign_id = channels.campaign_id
    union all
    select
        measure,
        report_date,
        channel,
        platform,
        case when platform is not null then coalesce(account_id, '(unknown)') end as account_id,
        case when platform is not null then coalesce(campaign_id, '(unknown)') end as campaign_id,
        goal,
        null as spend_amount,
        null as impressions,
        null as clicks,
        null as claimed_conversions,
        null as claimed_amount,
        ga4_conversions,
        ga4_amount,
        reconciled_conversions,
        new_customer_conversions,
        returning_customer_conversions,
        reconciled_revenue_amount,
        reconciled_margin_amount
    from of_records
),

final as (
    select
        measure,
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        goal,
        sum(spend_amount) as spend_amount,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount,
        sum(ga4_conversions) as ga4_conversions,
        sum(ga4_amount) as ga4_amount,
        sum(reconciled_conversions) as reconciled_conversions,
        sum(new_customer_conversions) as new_customer_conversions,
        sum(returning_customer_conversions) as returning_customer_conversions,
        sum(reconciled_revenue_amount) as reconciled_revenue_amount,
        sum(reconciled_margin_amount) as reconciled_margin_amount
    from unioned
    group by measure, report_date, channel, platform, account_id, campaign_id, goal
)

select * from final
