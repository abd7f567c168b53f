-- Orders that were landed, and that the shop did not list when it was asked later for all it has of
-- the day they were made.
with loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

days as (
    select
        loads.account,
        order_days.created_date,
        order_days.order_ids,
        order_days._committed_at
    from {{ source("raw_shopify", "order_days") }} as order_days
    inner join loads on order_days._load_id = loads.load_id
),

listed as (
    select distinct {{ split_rows("order_ids", "';'") }} as order_id
    from days
),

orders as (
    select
        loads.account,
        orders.order_id,
        {{ local_date("orders.created_at", "settings.reporting_zone") }} as created_date,
        orders._committed_at
    from {{ source("raw_shopify", "orders") }} as orders
    inner join loads on orders._load_id = loads.load_id
    cross join settings
),

final as (
    select
        orders.order_id,
        orders.created_date
    from orders
    inner join days
        on
            orders.account = days.account
            and orders.created_date = days.created_date
            and orders._committed_at < days._committed_at
    left join listed on orders.order_id = listed.order_id
    where listed.order_id is null
)

select * from final
