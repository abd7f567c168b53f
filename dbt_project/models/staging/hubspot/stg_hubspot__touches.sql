-- Contacts nobody filled in a form for, but whose record says what they came by.
with contacts as (
    select * from {{ ref("stg_hubspot__contacts") }}
    where reason is null and form is null
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
        'contacts' as stream,
        loads.account as account_id,
        'contact:' || contacts.contact_id as record_id,
        coalesce(contacts.visited_at, contacts.asked_at) as touch_at,
        contacts.email_hmac as customer_key,
        contacts.click_id,
        contacts.click_id_kind,
        contacts.utm_source,
        contacts.utm_medium,
        contacts.utm_campaign,
        cast(null as {{ dbt.type_string() }}) as referrer,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        cast(null as {{ dbt.type_string() }}) as platform,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(1 as bigint) as _rows,
        contacts._day,
        contacts._load_id
    from contacts
    left join loads on contacts._load_id = loads.load_id
)

select * from final
