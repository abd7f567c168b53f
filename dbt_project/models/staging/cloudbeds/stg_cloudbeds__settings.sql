with source as (
    select * from {{ source("raw_cloudbeds", "property") }}
),

names as (
    select {{ split_rows("'time_zone;currency_code'", "';'") }} as setting
),

final as (
    select
        'cloudbeds' as source,
        'property' as stream,
        source.property_id as account_id,
        names.setting,
        case names.setting
            when 'time_zone' then source.time_zone
            when 'currency_code' then source.currency_code
        end as value,
        cast(case names.setting when 'time_zone' then 1 else 0 end as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join names
)

select * from final
