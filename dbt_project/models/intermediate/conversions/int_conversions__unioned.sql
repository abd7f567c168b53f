{{ config(materialized="table") }}

with conversions as (
    select * from {{ ref("int_shopify__conversions") }}
    union all
    select * from {{ ref("int_hubspot__conversions") }}
    union all
    select * from {{ ref("int_files__conversions") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

goals as (
    select
        goal,
        tier,
        counts_as_revenue,
        margin_ratio
    from {{ source("company", "goals") }}
),

final as (
    select
        conversions.conversion_id,
        conversions.source,
        conversions.record_type,
        conversions.journey_id,
        coalesce(goals.goal, '(unmapped)') as goal,
        coalesce(
            goals.tier, case conversions.record_type when 'lead' then 'weak' else 'strong' end
        ) as tier,
        coalesce(goals.counts_as_revenue, true) as counts_as_revenue,
        goals.margin_ratio,
        conversions.status,
        conversions.conversion_at,
        {{ local_date("conversions.conversion_at", "settings.reporting_zone") }} as conversion_date,
        conversions.journey_end_at,
        {{ local_date("conversions.journey_end_at", "settings.reporting_zone") }}
            as journey_end_date,
        conversions.transaction_id,
        conversions.other_transaction_id,
        conversions.expected_amount_local,
        conversions.currency_code,
        conversions.click_id,
        conversions.click_id_kind,
        conversions.utm_source,
        conversions.utm_medium,
        conversions.utm_campaign,
        conversions.referrer,
        conversions.landing_page,
        conversions.platform,
        conversions.campaign_id,
        conversions._load_id
    from conversions
    cross join settings
    left join goals on conversions.goal = goals.goal
)

-- A source lands by its own clock: what it tells of the day after the last one waits for that day.
select * from final
where conversion_date <= (select through_date from {{ ref("int_builds__covered") }})
