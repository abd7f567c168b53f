with source as (
    select * from {{ source("raw_google_ads", "customer_settings") }}
),

names as (
    select
        {{ split_rows(
            "'time_zone;currency_code;status;auto_tagging_enabled;conversion_tracking_status"
            ~ ";conversion_customer_id;tracking_url_template;final_url_suffix'",
            "';'",
        ) }} as setting
),

final as (
    select
        'google_ads' as source,
        'customer_settings' as stream,
        source.customer_id as account_id,
        names.setting,
        case names.setting
            when 'time_zone' then source.time_zone
            when 'currency_code' then source.currency_code
            when 'status' then source.status
            when 'auto_tagging_enabled'
                then cast(source.auto_tagging_enabled as {{ dbt.type_string() }})
            when 'conversion_tracking_status' then source.conversion_tracking_status
            when 'conversion_customer_id' then source.conversion_customer_id
            when 'tracking_url_template' then source.tracking_url_template
            when 'final_url_suffix' then source.final_url_suffix
        end as value,
        cast(case names.setting when 'time_zone' then 1 else 0 end as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join names
)

select * from final
