-- Deals as last seen, amounts in the deal's own currency; those merged into another are that one.
-- Of several contacts the one labelled as primary is the person behind it, else the one who asked
-- last before the deal was made. It hangs on that enquiry, not on the person's first one. A deal
-- that was won is of the pipeline it was won in, wherever it was handed on to since.
with source as (
    select * from {{ source("raw_hubspot", "deals") }}
),

merged_deals as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'deal'
),

won_pipelines as (
    select * from {{ ref("stg_hubspot__won_pipelines") }}
),

contacts as (
    select
        contact_id,
        email_hmac
    from {{ source("raw_hubspot", "contacts") }}
),

enquiries as (
    select
        contact_id,
        journey_key,
        asked_at
    from {{ ref("stg_hubspot__enquiries") }}
),

-- Who enters a deal by hand may be faster than the form.
candidates as (
    select
        deal_contacts.deal_id,
        deal_contacts.contact_id,
        contacts.email_hmac,
        coalesce(enquiries.journey_key, 'contact:' || contacts.contact_id) as journey_key,
        deal_contacts.is_primary,
        coalesce(enquiries.asked_at <= source.created_at + interval '1 hour', false)
            as has_asked,
        enquiries.asked_at
    from {{ ref("stg_hubspot__deal_contacts") }} as deal_contacts
    inner join source on deal_contacts.deal_id = source.deal_id
    left join contacts on deal_contacts.contact_id = contacts.contact_id
    left join enquiries on deal_contacts.contact_id = enquiries.contact_id
),

people as (
    select * from candidates
    qualify
        row_number() over (
            partition by deal_id
            order by
                is_primary desc,
                has_asked desc,
                case when has_asked then asked_at end desc nulls last,
                asked_at nulls last,
                contact_id
        ) = 1
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
        'deals' as stream,
        loads.account as account_id,
        source.deal_id as record_id,
        people.journey_key,
        source.created_at,
        true as is_time_known,
        cast(source.amount as decimal(18, 6)) as amount_local,
        source.currency_code,
        'pipeline:' || coalesce(won_pipelines.pipeline, source.pipeline) as selector,
        cast(null as {{ dbt.type_string() }}) as goal,
        people.email_hmac as customer_key,
        case when source.is_archived then source.modified_at end as deleted_at,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join loads on source._load_id = loads.load_id
    left join people on source.deal_id = people.deal_id
    left join won_pipelines on source.deal_id = won_pipelines.deal_id
    where source.deal_id not in (select merged_id from merged_deals)
)

select * from final
