-- People as last seen, and what of them counts. `reason` says why a contact is neither a lead nor a
-- visit: merged into another, archived (HubSpot's word for deleted) without a deal that proves it
-- real, or without anything that says it asked or where it came from. A click older than the
-- lookback did not bring the person who asked.
with source as (
    select * from {{ source("raw_hubspot", "contacts") }}
),

settings as (
    select lookback_days from {{ source("company", "settings") }}
),

merged_contacts as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'contact'
),

contacts_of_deals as (
    select distinct contact_id
    from {{ ref("stg_hubspot__deal_contacts") }}
),

judged as (
    select
        source.*,
        {{ said_word("source.google_click_id") }} as gclid,
        {{ said_word("source.facebook_click_id") }} as fbclid,
        coalesce(
            source.clicked_at >= source.asked_at - settings.lookback_days * interval '1 day', true
        ) as is_click_recent
    from source
    cross join settings
),

final as (
    select
        judged.contact_id,
        judged.email_hmac,
        coalesce(judged.asked_at, judged.created_at) as asked_at,
        case when judged.asked_at is null then judged.clicked_at end as visited_at,
        judged.form,
        case
            when judged.is_click_recent then coalesce(judged.gclid, judged.fbclid)
        end as click_id,
        case
            when not judged.is_click_recent then null
            when judged.gclid is not null then 'gclid'
            when judged.fbclid is not null then 'fbclid'
        end as click_id_kind,
        case when judged.is_click_recent then lower(judged.utm_source) end as utm_source,
        case when judged.is_click_recent then lower(judged.utm_medium) end as utm_medium,
        case when judged.is_click_recent then judged.utm_campaign end as utm_campaign,
        case
            when merged_contacts.merged_id is not null then 'merged into another contact'
            when judged.is_archived and contacts_of_deals.contact_id is null
                then 'deleted, and no deal came of it'
            when
                coalesce(
                    judged.form,
                    judged.gclid,
                    judged.fbclid,
                    {{ said_word("judged.utm_source") }}
                ) is null
                then 'no form was filled in and no visit is known'
        end as reason,
        judged._day,
        judged._load_id
    from judged
    left join merged_contacts on judged.contact_id = merged_contacts.merged_id
    left join contacts_of_deals on judged.contact_id = contacts_of_deals.contact_id
)

select * from final
