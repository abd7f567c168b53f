with source as (
    select * from {{ source("raw_toy", "accounts") }}
),

final as (
    select
        'toy' as source,
        'accounts' as stream,
        'toy' as platform,
        account_id,
        day as ad_date,
        currency as currency_code,
        views as impressions,
        clicks,
        cast(cost as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
