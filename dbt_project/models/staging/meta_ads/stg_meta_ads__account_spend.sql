-- What the account delivered and was billed, part of which no ad shows.
with source as (
    select * from {{ source("raw_meta_ads", "account_performance") }}
),

final as (
    select
        'meta_ads' as source,
        'account_performance' as stream,
        'meta_ads' as platform,
        'act_' || account_id as account_id,
        date_start as ad_date,
        account_currency as currency_code,
        impressions,
        clicks,
        cast(spend as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
