-- What vendors' accounts are set to, beside what the company file says of them.
with settings as (
    select
        source,
        account_id,
        setting,
        value
    from {{ ref("shape_settings") }}
),

accounts as (
    select
        source,
        account_id,
        'time_zone' as setting,
        time_zone as value
    from {{ source("company", "accounts") }}
    union all
    select
        source,
        account_id,
        'currency_code' as setting,
        currency_code as value
    from {{ source("company", "accounts") }}
),

final as (
    select
        settings.source,
        settings.account_id,
        settings.setting,
        settings.value as vendor_value,
        accounts.value as company_value,
        settings.value != accounts.value as is_different
    from settings
    left join accounts
        on
            settings.source = accounts.source
            and settings.account_id = accounts.account_id
            and settings.setting = accounts.setting
)

select * from final
