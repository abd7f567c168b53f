with source as (
    select * from {{ source("raw_hubspot", "deals") }}
),

merged_contacts as (
    select
        merged_id,
        merged_into_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'contact'
),

final as (
    select
        source.deal_id,
        -- A merge of contacts moves their deals without changing them
        coalesce(merged_contacts.merged_into_id, source.contact_id) as contact_id,
        source.pipeline,
        source.stage,
        cast(source.amount as decimal(18, 6)) as amount_local,
        source.currency_code,
        source.created_at,
        source.modified_at,
        -- On an open deal HubSpot's close date is a plan
        case when source.is_closed then source.closed_at end as closed_at,
        source.is_archived,
        source._load_id
    from source
    left join merged_contacts on source.contact_id = merged_contacts.merged_id
)

select * from final
