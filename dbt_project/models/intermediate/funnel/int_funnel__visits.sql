{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={"replaced_from": "int_funnel__changed_days", "replaced_columns": ["record_date"]},
) }}

-- Visits counted by where they came from and the page they began on, with the steps they took.
-- Visits are bulk, so they are cut by days. A step taken past midnight is its visit's.
with changed_days as (
    select record_date from {{ ref("int_funnel__changed_days") }}
),

touches as (
    select
        touch_type,
        session_key,
        record_date,
        touch_date as report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        {{ page_key("landing_host", "landing_page") }} as page_key,
        coalesce(click_id, campaign_name, campaign_id) is not null as is_tagged
    from {{ ref("fct_touches") }}
    where
        touch_type in ('ga4_session', 'file_touch')
        {% if is_incremental() %}
            and record_date in (select record_date from changed_days)
        {% endif %}
),

steps as (
    select
        source,
        goal,
        step
    from {{ source("company", "funnel_steps") }}
),

pieces as (
    select
        reached.session_key,
        reached.record_date,
        steps.step
    from {{ ref("int_weak_goals__days") }} as reached
    inner join steps on reached.source = steps.source and reached.goal = steps.goal
    where
        reached.session_key is not null
        {% if is_incremental() %}
            and (
                reached.record_date in (select record_date from changed_days)
                or reached.record_date in (
                    select {{ add_days("record_date", 1) }} from changed_days
                )
            )
        {% endif %}
),

of_visits as (
    select * from pieces
    union all
    select
        session_key,
        {{ add_days("record_date", -1) }} as record_date,
        step
    from pieces
),

reached as (
    select
        session_key,
        record_date,
        bool_or(step = 'engaged_visit') as is_engaged,
        bool_or(step = 'product_view') as has_product_view,
        bool_or(step = 'form_start') as has_form_start,
        bool_or(step = 'add_to_cart') as has_cart,
        bool_or(step = 'begin_checkout') as has_checkout,
        bool_or(step = 'enquiry_event') as has_enquiry
    from of_visits
    group by session_key, record_date
),

final as (
    select
        touches.touch_type,
        touches.record_date,
        touches.report_date,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        touches.page_key,
        count(*) as sessions,
        sum(cast(touches.is_tagged as integer)) as tagged_sessions,
        sum(cast(coalesce(reached.is_engaged, false) as integer)) as engaged_sessions,
        sum(cast(coalesce(reached.has_product_view, false) as integer)) as product_view_sessions,
        sum(cast(coalesce(reached.has_form_start, false) as integer)) as form_start_sessions,
        sum(cast(coalesce(reached.has_cart, false) as integer)) as cart_sessions,
        sum(cast(coalesce(reached.has_checkout, false) as integer)) as checkout_sessions,
        sum(cast(coalesce(reached.has_enquiry, false) as integer)) as enquiry_sessions
    from touches
    left join reached
        on
            touches.session_key = reached.session_key
            and touches.record_date = reached.record_date
    group by
        touches.touch_type,
        touches.record_date,
        touches.report_date,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        touches.page_key
)

select * from final
