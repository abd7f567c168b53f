{{ config(materialized="table") }}

with steps as (
    select
        *,
        {{ creative_key("platform", "account_id", "ad_group_id", "ad_id") }} as creative_key
    from {{ ref("int_funnel__steps") }}
),

pages as (
    select
        page_key,
        page,
        topic_position
    from {{ ref("int_landing_pages") }}
),

matched as (
    select
        creative_key,
        topic_position,
        is_matched
    from {{ ref("int_creatives__matched") }}
),

added as (
    select
        steps.report_date,
        pages.page,
        steps.channel,
        steps.platform,
        steps.account_id,
        steps.campaign_id,
        sum(steps.sessions) as sessions,
        sum(steps.tagged_sessions) as tagged_sessions,
        sum(case when matched.creative_key is not null then steps.sessions else 0 end)
            as judged_sessions,
        sum(case when matched.is_matched then steps.sessions else 0 end) as matched_sessions,
        sum(steps.engaged_sessions) as engaged_sessions,
        sum(steps.product_view_sessions) as product_view_sessions,
        sum(steps.form_start_sessions) as form_start_sessions,
        sum(steps.cart_sessions) as cart_sessions,
        sum(steps.checkout_sessions) as checkout_sessions,
        sum(steps.enquiry_sessions) as enquiry_sessions,
        sum(steps.weak_conversions) as weak_conversions,
        sum(steps.strong_conversions) as strong_conversions,
        sum(steps.won_conversions) as won_conversions,
        sum(steps.revenue_amount) as revenue_amount
    from steps
    inner join pages on steps.page_key = pages.page_key
    left join matched
        on
            steps.creative_key = matched.creative_key
            and pages.topic_position = matched.topic_position
    group by
        steps.report_date,
        pages.page,
        steps.channel,
        steps.platform,
        steps.account_id,
        steps.campaign_id
),

known as (
    select * from {{ ref("int_funnel__known") }}
),

matured as (
    select mature_through from {{ ref("int_funnel__matured") }}
),

final as (
    select
        added.report_date,
        added.page,
        added.channel,
        added.platform,
        added.account_id,
        added.campaign_id,
        {{ funnel_counts("added") }},
        cast(case when known.has_visits then added.judged_sessions end as bigint)
            as judged_sessions,
        cast(case when known.has_visits then added.matched_sessions end as bigint)
            as matched_sessions,
        added.report_date <= matured.mature_through as is_mature
    from added
    cross join known
    cross join matured
)

select * from final
