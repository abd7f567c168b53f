{{ config(meta={"runbook": "docs/runbook.md#funnel"}) }}

-- The steps of a channel's day are not what its landing pages have, or the funnel has not every
-- impression and click, every conversion that stands or all that they brought.
with funnel as (
    select * from {{ ref("fct_funnel_daily") }}
),

of_channels as (
    select
        report_date,
        channel,
        sum(sessions) as sessions,
        sum(checkout_sessions) as checkouts,
        sum(won_conversions) as conversions,
        sum(revenue_amount) as revenue_amount
    from funnel
    group by report_date, channel
),

of_pages as (
    select
        report_date,
        channel,
        sum(sessions) as sessions,
        sum(checkout_sessions) as checkouts,
        sum(won_conversions) as conversions,
        sum(revenue_amount) as revenue_amount
    from {{ ref("fct_landing_page_daily") }}
    group by report_date, channel
),

stood as (
    select count(*) as conversions
    from {{ ref("fct_conversions") }}
    where tier = 'strong' and status = 'won'
),

brought as (
    select coalesce(sum(amount), 0) as revenue_amount
    from {{ ref("fct_ledger_entries") }}
    where conversion_id is not null
),

shown as (
    select
        coalesce(sum(impressions), 0) as impressions,
        coalesce(sum(clicks), 0) as clicks
    from {{ ref("fct_ad_performance_daily") }}
),

summed as (
    select
        coalesce(sum(impressions), 0) as impressions,
        coalesce(sum(clicks), 0) as clicks,
        coalesce(sum(won_conversions), 0) as conversions,
        coalesce(sum(revenue_amount), 0) as revenue_amount
    from funnel
)

select
    'pages' as what,
    of_channels.report_date,
    of_channels.channel
from of_channels
full outer join of_pages
    on
        of_channels.report_date = of_pages.report_date
        and of_channels.channel = of_pages.channel
where
    coalesce(of_channels.sessions, 0) != coalesce(of_pages.sessions, 0)
    or coalesce(of_channels.checkouts, 0) != coalesce(of_pages.checkouts, 0)
    or coalesce(of_channels.conversions, 0) != coalesce(of_pages.conversions, 0)
    or coalesce(of_channels.revenue_amount, 0) != coalesce(of_pages.revenue_amount, 0)
union all
select
    'all' as what,
    cast(null as date) as report_date,
    cast(null as {{ dbt.type_string() }}) as channel
from summed
cross join stood
cross join brought
cross join shown
where
    summed.impressions != shown.impressions
    or summed.clicks != shown.clicks
    or summed.conversions != stood.conversions
    or summed.revenue_amount != brought.revenue_amount
