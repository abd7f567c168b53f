-- People as last seen, and what of them counts. `reason` says why a contact is neither a lead nor a
-- visit: merged into another, archived (HubSpot's word for deleted) without a deal that proves it
-- real, or without anything that says it asked or where it came from.
with source as (
    select * from {{ source("raw_hubspot", "contacts") }}
),

merged_contacts as (
    select merged_id
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
        source.form,
        coalesce(source.google_click_id, source.facebook_click_id) as click_id,
        case
            when source.google_click_id is not null then 'gclid'
            when source.facebook_click_id is not null then 'fbclid'
        end as click_id_kind,
        lower(source.utm_source) as utm_source,
        lower(source.utm_medium) as utm_medium,
        source.utm_campaign,
        case
            when merged_contacts.merged_id is not null then 'merged into another contact'
            when source.is_archived and contacts_of_deals.contact_id is null
                then 'deleted, and no deal came of it'
            when
                coalesce(
                    source.form,
                    source.google_click_id,
                    source.facebook_click_id,
                    source.utm_source
                ) is null
                then 'no form was filled in and no visit is known'
        end as reason,
        source._day,
        source._load_id
    from source
    left join merged_contacts on source.contact_id = merged_contacts.merged_id
    left join contacts_of_deals on source.contact_id = contacts_of_deals.contact_id
)

select * from final
