-- What fct_touches replaces: session days, and days journeys ended on.
select
    'ga4_session' as touch_type,
    record_date
from {{ ref("int_sessions__affected_days") }}
union
select
    kinds.touch_type,
    days.journey_end_date as record_date
from {{ ref("int_conversions__affected_days") }} as days
cross join (
    select 'shop_landing' as touch_type
    union all
    select 'crm_click' as touch_type
    union all
    select 'file_record' as touch_type
) as kinds
