-- Strong conversions that stand and that a visit from a search is credited with, by the day and
-- page of that visit. A visit does not tell what was typed: where all clicks on its page and day
-- were of one kind of query, it is of that kind, else that is unknown.
with conversions as (
    select conversion_id
    from {{ ref("int_conversions__reconciled") }}
    where tier = 'strong' and status = 'won'
),

credits as (
    select
        conversion_id,
        touch_id,
        account_id,
        campaign_id,
        credit
    from {{ ref("fct_attribution") }}
    where model = 'last_non_direct'
),

touches as (
    select
        touch_id,
        touch_date,
        landing_page,
        default_channel
    from {{ ref("fct_touches") }}
),

hosts as (
    select
        touch_id,
        landing_host
    from {{ ref("int_sessions") }}
),

searches as (
    select * from {{ ref("int_searches__classed") }}
),

campaigns as (
    select distinct
        account_id,
        campaign_id
    from searches
    where is_paid
),

classes as (
    select
        search_date,
        page,
        is_paid,
        case when count(distinct query_class) = 1 then min(query_class) end as query_class
    from searches
    where clicks > 0
    group by search_date, page, is_paid
),

visited as (
    select
        touches.touch_date as report_date,
        coalesce(
            {{ page_key("hosts.landing_host", "touches.landing_page") }}, '(unknown)'
        ) as page,
        campaigns.campaign_id is not null as is_paid,
        credits.credit
    from credits
    inner join conversions on credits.conversion_id = conversions.conversion_id
    inner join touches on credits.touch_id = touches.touch_id
    left join hosts on credits.touch_id = hosts.touch_id
    left join campaigns
        on
            credits.account_id = campaigns.account_id
            and credits.campaign_id = campaigns.campaign_id
    where campaigns.campaign_id is not null or touches.default_channel = 'Organic Search'
),

final as (
    select
        visited.report_date,
        coalesce(classes.query_class, 'unknown') as query_class,
        visited.page,
        visited.is_paid,
        sum(visited.credit) as conversions
    from visited
    left join classes
        on
            visited.report_date = classes.search_date
            and visited.page = classes.page
            and visited.is_paid = classes.is_paid
    group by all
)

select * from final
