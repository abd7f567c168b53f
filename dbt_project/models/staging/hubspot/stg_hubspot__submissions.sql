-- Forms that people who are known already sent in, and why one is no lead.
with source as (
    select * from {{ source("raw_hubspot", "submissions") }}
),

settings as (
    select lookback_days from {{ source("company", "settings") }}
),

contacts as (
    select
        contact_id,
        email_hmac,
        reason
    from {{ ref("stg_hubspot__contacts") }}
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
        contacts.email_hmac,
        judged.asked_at,
        judged.form,
        case
            when judged.is_click_recent
                then coalesce(judged.gclid, judged.fbclid)
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
            when contacts.contact_id is null then 'its contact is not known'
            when contacts.reason is not null then contacts.reason
            when judged.form is null then 'no form of the company is named'
            when judged.is_repeat then 'the same form was sent in twice within ten minutes'
        end as reason,
        judged._day,
        judged._load_id
    from judged
    left join contacts on judged.contact_id = contacts.contact_id
)

select * from final
