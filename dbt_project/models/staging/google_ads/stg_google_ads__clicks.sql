-- Each click id on the first day it was seen; stg_google_ads__set_aside has the later ones. Hardly
-- any id stands twice, so only those that do are ranked.
with source as (
    select * from {{ source("raw_google_ads", "clicks") }}
),

repeated as (
    select gclid
    from source
    group by gclid
    having count(*) > 1
),

first_seen as (
    select * from source
    where gclid not in (select gclid from repeated)
    union all
    (
        select * from source
        where gclid in (select gclid from repeated)
        qualify row_number() over (partition by gclid order by ad_date, campaign_id, ad_id) = 1
    )
),

final as (
    select
        'google_ads' as source,
        'clicks' as stream,
        'google_ads' as platform,
        customer_id as account_id,
        gclid as click_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date as click_date,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from first_seen
)

select * from final
