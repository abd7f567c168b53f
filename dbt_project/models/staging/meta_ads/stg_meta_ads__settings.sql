with source as (
    select * from {{ source("raw_meta_ads", "account_settings") }}
),

names as (
    select {{ split_rows("'time_zone;currency_code;status'", "';'") }} as setting
),

final as (
    select
        'meta_ads' as source,
        'account_settings' as stream,
        'act_' || source.account_id as account_id,
        names.setting,
        case names.setting
            when 'time_zone' then source.timezone_name
            when 'currency_code' then source.currency
            when 'status' then cast(source.account_status as {{ dbt.type_string() }})
        end as value,
        cast(case names.setting when 'time_zone' then 1 else 0 end as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join names
)

select * from final
