with source as (
    select * from {{ source("raw_hubspot", "contacts") }}
),

merged_contacts as (
    select
        merged_id,
        _load_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'contact'
),

contacts_of_deals as (
    select distinct contact_id from {{ source("raw_hubspot", "deals") }}
),

final as (
    select
        source.contact_id,
        source.email_hmac,
        source.created_at,
        source.modified_at,
        source.lifecycle_stage,
        case
            when merged_contacts.merged_id is not null then null
            when source.is_archived and contacts_of_deals.contact_id is null then null
            else source.form
        end as form,
        source.google_click_id,
        source.facebook_click_id,
        source.original_source,
        lower(source.utm_source) as utm_source,
        lower(source.utm_medium) as utm_medium,
        source.utm_campaign,
        source.is_archived,
        -- What told of the merge came later than the contact's own last word
        coalesce(merged_contacts._load_id, source._load_id) as _load_id
    from source
    left join merged_contacts on source.contact_id = merged_contacts.merged_id
    left join contacts_of_deals on source.contact_id = contacts_of_deals.contact_id
)

select * from final
