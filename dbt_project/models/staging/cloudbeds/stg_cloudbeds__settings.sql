with source as (
    select * from {{ source("raw_cloudbeds", "property__loads") }}
),

names as (
    select {{ split_rows("'time_zone;currency_code'", "';'") }} as setting
),

final as (
    select
        'cloudbeds' as source,
        'property' as stream,
        source.property_id as account_id,
        'account' as object_type,
        source.property_id as object_id,
        cast(null as {{ dbt.type_string() }}) as object_name,
        names.setting,
        case names.setting
            when 'time_zone' then source.time_zone
            when 'currency_code' then source.currency_code
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
