with source as (
    select * from {{ source("raw_meta_ads", "account_settings__loads") }}
),

names as (
    select {{ split_rows("'time_zone;currency_code;status'", "';'") }} as setting
),

final as (
    select
        'meta_ads' as source,
        'account_settings' as stream,
        'act_' || source.account_id as account_id,
        'account' as object_type,
        'act_' || source.account_id as object_id,
        cast(null as {{ dbt.type_string() }}) as object_name,
        names.setting,
        case names.setting
            when 'time_zone' then source.timezone_name
            when 'currency_code' then source.currency
            when 'status' then cast(source.account_status as {{ dbt.type_string() }})
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
