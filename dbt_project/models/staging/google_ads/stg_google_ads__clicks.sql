-- Each click id on the first day it was seen; stg_google_ads__set_aside has the later ones.
with source as (
    select * from {{ source("raw_google_ads", "clicks") }}
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
    from source
    qualify row_number() over (partition by gclid order by ad_date, campaign_id, ad_id) = 1
)

select * from final
