-- Conversions and journeys whose own records came with a new load.
with new_loads as (
    select load_id from {{ source("trueup", "new_loads") }}
),

records as (
    select
        conversion_id as record_id,
        _load_id
    from {{ ref("int_conversions__unioned") }}
    union all
    select
        'shopify:' || order_id as record_id,
        _load_id
    from {{ ref("stg_shopify__refunds") }}
    union all
    select
        'hubspot:' || deal_id as record_id,
        _load_id
    from {{ ref("stg_hubspot__deal_stages") }}
    union all
    select
        'hubspot_contact:' || contact_id as record_id,
        _load_id
    from {{ ref("stg_hubspot__contacts") }}
    union all
    select
        'files_journey:' || feed || ':' || lead_id as record_id,
        _load_id
    from {{ ref("stg_files__leads") }}
    union all
    select
        'files:' || orders.feed || ':' || orders.order_id as record_id,
        refunds._load_id
    from {{ ref("stg_files__refunds") }} as refunds
    inner join {{ ref("stg_files__orders") }} as orders on refunds.order_id = orders.order_id
),

final as (
    select distinct record_id
    from records
    where _load_id in (select load_id from new_loads)
)

select * from final
