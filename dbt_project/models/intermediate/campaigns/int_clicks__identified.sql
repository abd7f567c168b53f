{{ config(materialized="table") }}

-- The ad behind a click id, by the platform's own record; the first day it was seen on counts.
-- Hardly any id stands twice, so only those that do are ranked.
with clicks as (
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
),

repeated as (
    select click_id
    from clicks
    group by click_id
    having count(*) > 1
),

ranked as (
    select * from clicks
    where click_id in (select click_id from repeated)
    qualify
        row_number() over (
            partition by click_id order by click_date, platform, account_id, campaign_id, ad_id
        ) = 1
),

final as (
    select * from clicks
    where click_id not in (select click_id from repeated)
    union all
    select * from ranked
)

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
from final
