{{ config(materialized="table") }}

-- The ad behind a click id, by the platform's own record; the first day it was seen on counts.
select
    source,
    stream,
    click_id,
    platform,
    account_id,
    campaign_id,
    ad_group_id,
    ad_id,
    click_date,
    _rows,
    _day
from {{ ref("shape_clicks") }}
qualify
    row_number() over (
        partition by click_id order by click_date, platform, account_id, campaign_id, ad_id
    ) = 1
