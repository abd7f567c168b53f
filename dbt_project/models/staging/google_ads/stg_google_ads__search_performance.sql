-- Search terms by the ad they showed. Google states no place of an ad among the results.
with source as (
    select * from {{ source("raw_google_ads", "search_terms") }}
),

final as (
    select
        'google_ads' as source,
        'search_terms' as stream,
        customer_id as account_id,
        ad_date as search_date,
        true as is_paid,
        'web' as search_type,
        campaign_id,
        ad_group_id,
        ad_id,
        landing_page as page,
        search_term as query,
        search_term is null as is_anonymised,
        true as is_final,
        impressions,
        clicks,
        cast(null as decimal(18, 6)) as position,
        currency_code,
        cast(cost as decimal(38, 6)) as spend_amount_local,
        conversions as claimed_conversions,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
