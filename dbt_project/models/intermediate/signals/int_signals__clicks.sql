-- Of the clicks a platform counts on a day, how many visits arrived with its click id. The two are
-- counted by two clocks, so the ratio has a level of its own. A platform whose links never brought
-- an id says nothing, and no more does a campaign of which none was ever known.
with visits as (
    select
        system,
        signal_date,
        dimension,
        segment,
        clicked_visits,
        is_mature
    from {{ ref("int_signals__visits_counted") }}
    where dimension in ('all', 'platform', 'campaign')
),

tagged as (
    select
        dimension,
        segment
    from visits
    group by dimension, segment
    having sum(clicked_visits) > 0
),

-- The days the events system answers for.
days as (
    select
        system,
        signal_date,
        is_mature
    from visits
    where dimension = 'all'
),

performance as (
    select
        ad_date,
        platform,
        campaign_id as campaign,
        clicks,
        spend_amount
    from {{ ref("fct_ad_performance_daily") }}
),

clicks as (
    select
        ad_date,
        'platform' as dimension,
        platform as segment,
        sum(clicks) as clicks,
        sum(spend_amount) as spend_amount
    from performance
    group by ad_date, platform
    union all
    select
        ad_date,
        'campaign' as dimension,
        campaign as segment,
        sum(clicks) as clicks,
        sum(spend_amount) as spend_amount
    from performance
    where campaign is not null
    group by ad_date, campaign
),

counted as (
    select
        clicks.dimension,
        clicks.segment,
        days.system,
        days.signal_date,
        coalesce(visits.clicked_visits, 0) as clicked_visits,
        clicks.clicks,
        clicks.spend_amount,
        days.is_mature
    from clicks
    inner join tagged
        on clicks.dimension = tagged.dimension and clicks.segment = tagged.segment
    inner join days on clicks.ad_date = days.signal_date
    left join visits
        on
            clicks.dimension = visits.dimension
            and clicks.segment = visits.segment
            and clicks.ad_date = visits.signal_date
            and days.system = visits.system
),

final as (
    {{ signals_of("counted", [
        ("tagged_landing_rate", "clicked_visits", "clicks", "spend_amount"),
    ]) }}
)

select * from final
