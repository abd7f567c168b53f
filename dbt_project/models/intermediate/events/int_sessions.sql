-- Visits of browsers that may be known, each on the day it began.
select
    {{ hash_key(["session_key", "record_date"]) }} as touch_id,
    source,
    session_key,
    record_date,
    session_at,
    client_id,
    user_id,
    landing_page,
    foreign_host,
    click_id,
    click_id_kind,
    manual_source,
    manual_medium,
    manual_campaign_name,
    manual_campaign_id,
    link_key,
    content_digest,
    event_count,
    event_amount_local,
    has_analytics_consent,
    has_ads_consent,
    device_category,
    country
from {{ ref("int_sessions__days") }}
where is_start
