with source as (
    select * from {{ source("raw_meta_ads", "account_settings") }}
),

final as (
    select
        'act_' || account_id as account_id,
        currency as currency_code,
        timezone_name as time_zone,
        account_status,
        _load_id
    from source
)

select * from final
