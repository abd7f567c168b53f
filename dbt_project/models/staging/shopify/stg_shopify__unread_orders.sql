-- Orders that the shop lists among those made on a day, and that are not among the orders landed of
-- that day: landing set them aside. Where no load of orders covers the day, nobody knows.
with loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

days as (
    select
        loads.account,
        order_days.created_date,
        order_days.order_ids
    from {{ source("raw_shopify", "order_days") }} as order_days
    inner join loads on order_days._load_id = loads.load_id
),

covered as (
    select
        account,
        day
    from {{ source("trueup", "current_days") }}
    where source = 'shopify' and stream = 'orders'
),

listed as (
    select distinct {{ split_rows("days.order_ids", "';'") }} as order_id
    from days
    inner join covered
        on days.account = covered.account and days.created_date = covered.day
),

orders as (
    select order_id
    from {{ source("raw_shopify", "orders") }}
),

final as (
    select listed.order_id
    from listed
    left join orders on listed.order_id = orders.order_id
    where listed.order_id != '' and orders.order_id is null
)

select * from final
