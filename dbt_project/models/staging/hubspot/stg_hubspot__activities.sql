-- Calls, e-mails, meetings and tasks of people whose enquiry they may answer.
with source as (
    select * from {{ source("raw_hubspot", "activities") }}
),

merged as (
    select * from {{ ref("stg_hubspot__merges") }}
    where record_type = 'contact'
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
        'activities' as stream,
        loads.account as account_id,
        source.kind || ':' || source.activity_id as record_id,
        'contact:' || coalesce(merged.merged_into_id, source.contact_id) as journey_key,
        case source.kind
            when 'calls' then 'call'
            when 'emails' then 'email'
            when 'meetings' then 'meeting'
            else 'task'
        end as kind,
        coalesce(source.completed_at, source.happened_at) as happened_at,
        case
            when source.direction in ('OUTBOUND', 'EMAIL') then true
            when source.direction in ('INBOUND', 'INCOMING_EMAIL') then false
        end as is_outbound,
        case
            when source.kind = 'tasks' then source.status = 'COMPLETED'
            when source.kind = 'meetings' then source.status = 'COMPLETED'
            when source.kind = 'calls' then source.status in ('COMPLETED', 'CONNECTED')
            else source.status = 'SENT'
        end as is_done,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join loads on source._load_id = loads.load_id
    left join merged on source.contact_id = merged.merged_id
    where not source.is_archived
)

select * from final
