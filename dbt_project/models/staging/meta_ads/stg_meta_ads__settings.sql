-- What the account, its pixels and its custom conversions were set to, load by load. A pixel feeds
-- all there is, a custom conversion the goals that are mapped to it.
with account as (
    select * from {{ source("raw_meta_ads", "account_settings__loads") }}
),

measurement as (
    select * from {{ source("raw_meta_ads", "measurement_settings__loads") }}
),

names as (
    select {{ split_rows("'time_zone;currency_code;status'", "';'") }} as setting
),

of_account as (
    select
        'account_settings' as stream,
        'act_' || account.account_id as account_id,
        'account' as object_type,
        'act_' || account.account_id as object_id,
        cast(null as {{ dbt.type_string() }}) as object_name,
        names.setting,
        case names.setting
            when 'time_zone' then account.timezone_name
            when 'currency_code' then account.currency
            when 'status' then cast(account.account_status as {{ dbt.type_string() }})
        end as value,
        cast(null as {{ dbt.type_string() }}) as feeds,
        case names.setting when 'time_zone' then 1 else 0 end as row_count,
        account._committed_at,
        account._day,
        account._load_id
    from account
    cross join names
),

of_measurement as (
    select
        'measurement_settings' as stream,
        account_id,
        object_type,
        object_id,
        object_name,
        setting,
        value,
        case object_type
            when 'pixel' then '(conversion)'
            when 'custom conversion'
                then 'offsite_conversion.custom.' || object_id || ';' || object_id
        end as feeds,
        1 as row_count,
        _committed_at,
        _day,
        _load_id
    from measurement
),

unioned as (
    select * from of_account
    union all
    select * from of_measurement
),

final as (
    select
        'meta_ads' as source,
        stream,
        account_id,
        object_type,
        object_id,
        object_name,
        setting,
        value,
        feeds,
        _committed_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        cast(row_count as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
