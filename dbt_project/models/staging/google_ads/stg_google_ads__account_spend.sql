-- What the account delivered and was billed, less credits for invalid clicks, part of which no
-- campaign shows.
with source as (
    select * from {{ source("raw_google_ads", "account_performance") }}
),

final as (
    select
        'google_ads' as source,
        'account_performance' as stream,
        'google_ads' as platform,
        customer_id as account_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        cast(cost as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
