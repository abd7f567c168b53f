with source as (
    select * from {{ source("raw_google_ads", "clicks") }}
),

final as (
    select
        customer_id as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date as click_date,
        gclid as click_id,
        _day,
        _load_id
    from source
)

select * from final
