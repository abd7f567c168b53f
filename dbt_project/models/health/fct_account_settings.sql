-- What systems are set to now, beside what the company file says of it.
with settings as (
    select
        stated.source,
        stated.account_id,
        stated.object_type,
        stated.object_id,
        stated.object_name,
        stated.setting,
        stated.value
    from {{ ref("shape_settings") }} as stated
    inner join {{ ref("int_settings__loads_in_force") }} as in_force
        on
            stated.source = in_force.source
            and stated.stream = in_force.stream
            and stated._load_id = in_force.load_id
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
        settings.object_type,
        settings.object_id,
        settings.object_name,
        settings.setting,
        settings.value as vendor_value,
        accounts.value as company_value,
        settings.value != accounts.value as is_different
    from settings
    left join accounts
        on
            settings.object_type = 'account'
            and settings.source = accounts.source
            and settings.account_id = accounts.account_id
            and settings.setting = accounts.setting
)

select * from final
