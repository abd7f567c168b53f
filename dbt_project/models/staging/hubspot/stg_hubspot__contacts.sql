with source as (
    select * from {{ source("raw_hubspot", "contacts") }}
),

final as (
    select
        contact_id,
        email_hmac,
        created_at,
        modified_at,
        lifecycle_stage,
        form,
        google_click_id,
        facebook_click_id,
        original_source,
        lower(utm_source) as utm_source,
        lower(utm_medium) as utm_medium,
        utm_campaign,
        is_archived,
        _load_id
    from source
)

select * from final
