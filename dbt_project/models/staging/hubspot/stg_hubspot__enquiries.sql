-- Every time a person asked. The first belongs to the contact's own journey; whoever comes back
-- begins another, of that time.
with contacts as (
    select * from {{ ref("stg_hubspot__contacts") }}
    where reason is null and form is not null
),

submissions as (
    select * from {{ ref("stg_hubspot__submissions") }}
    where reason is null
),

unioned as (
    select
        'contacts' as stream,
        contact_id,
        'lead:' || contact_id as record_id,
        'contact:' || contact_id as journey_key,
        asked_at,
        form,
        email_hmac,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        _day,
        _load_id
    from contacts
    union all
    select
        'submissions' as stream,
        contact_id,
        'lead:' || contact_id || ':' || {{ epoch_text("asked_at") }} as record_id,
        'contact:' || contact_id || ':' || {{ epoch_text("asked_at") }} as journey_key,
        asked_at,
        form,
        email_hmac,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        _day,
        _load_id
    from submissions
)

select * from unioned
