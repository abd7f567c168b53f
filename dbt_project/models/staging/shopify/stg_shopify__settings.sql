with source as (
    select * from {{ source("raw_shopify", "shop__loads") }}
),

names as (
    select
        {{ split_rows(
            "'time_zone;currency_code;taxes_included;tax_shipping;presentment_currencies'", "';'"
        ) }} as setting
),

final as (
    select
        'shopify' as source,
        'shop' as stream,
        source.myshopify_domain as account_id,
        'account' as object_type,
        source.myshopify_domain as object_id,
        cast(null as {{ dbt.type_string() }}) as object_name,
        names.setting,
        case names.setting
            when 'time_zone' then source.time_zone
            when 'currency_code' then source.currency_code
            when 'presentment_currencies' then source.presentment_currencies
            when 'taxes_included' then cast(source.taxes_included as {{ dbt.type_string() }})
            when 'tax_shipping' then cast(source.tax_shipping as {{ dbt.type_string() }})
        end as value,
        cast(null as {{ dbt.type_string() }}) as feeds,
        source._committed_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        cast(case names.setting when 'time_zone' then 1 else 0 end as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join names
)

select * from final
