-- One row per click id, the first day it was seen.
select
    click_id,
    account_id,
    campaign_id,
    ad_group_id,
    ad_id,
    click_date,
    _load_id
from {{ ref("stg_google_ads__clicks") }}
where click_id is not null
qualify row_number() over (partition by click_id order by click_date, campaign_id, ad_id) = 1
