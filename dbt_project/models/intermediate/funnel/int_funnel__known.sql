-- Which counts of the funnel anything speaks of: what nothing counts is not known, which is not 0.
-- Where a system of events is there, what files tell of visits would count them twice.
with visits as (
    select
        count(*) > 0 as has_visits,
        coalesce(bool_or(touch_type = 'ga4_session'), false) as has_sessions
    from {{ ref("int_funnel__visits") }}
),

steps as (
    select
        coalesce(bool_or(step = 'engaged_visit'), false) as has_engaged,
        coalesce(bool_or(step = 'product_view'), false) as has_product_view,
        coalesce(bool_or(step = 'form_start'), false) as has_form_start,
        coalesce(bool_or(step = 'add_to_cart'), false) as has_cart,
        coalesce(bool_or(step = 'begin_checkout'), false) as has_checkout,
        coalesce(bool_or(step = 'enquiry_event'), false) as has_enquiry
    from {{ source("company", "funnel_steps") }}
),

final as (
    select
        visits.has_visits,
        case when visits.has_sessions then 'ga4_session' else 'file_touch' end as touch_type,
        visits.has_sessions and steps.has_engaged as has_engaged,
        visits.has_sessions and steps.has_product_view as has_product_view,
        visits.has_sessions and steps.has_form_start as has_form_start,
        visits.has_sessions and steps.has_cart as has_cart,
        visits.has_sessions and steps.has_checkout as has_checkout,
        visits.has_sessions and steps.has_enquiry as has_enquiry
    from visits
    cross join steps
)

select * from final
