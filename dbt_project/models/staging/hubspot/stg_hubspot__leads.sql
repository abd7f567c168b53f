-- Enquiries: contacts that came through a form, and those who sent one in again.
with enquiries as (
    select * from {{ ref("stg_hubspot__enquiries") }}
),

loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

final as (
    select
        'hubspot' as source,
        stream,
        loads.account as account_id,
        record_id,
        journey_key,
        asked_at as created_at,
        true as is_time_known,
        'form:' || form as selector,
        cast(null as {{ dbt.type_string() }}) as goal,
        email_hmac as customer_key,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        cast(null as {{ dbt.type_string() }}) as referrer,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        cast(null as {{ dbt.type_string() }}) as platform,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from enquiries
    left join loads on enquiries._load_id = loads.load_id
)

select * from final
