with loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

final as (
    select
        'shopify' as source,
        'order_days' as stream,
        loads.account as account_id,
        days.created_date as record_date,
        days.order_count as record_count,
        cast(1 as bigint) as _rows,
        days._day,
        days._load_id
    from {{ source("raw_shopify", "order_days") }} as days
    inner join loads on days._load_id = loads.load_id
)

select * from final
