-- Deals as last seen, amounts in the deal's own currency; those merged into another are that one.
-- An archived deal stays: archiving in a CRM tidies a list, it does not give money back.
with source as (
    select * from {{ source("raw_hubspot", "deals") }}
),

merged as (
    select * from {{ ref("stg_hubspot__merges") }}
),

contacts as (
    select
        contact_id,
        email_hmac
    from {{ source("raw_hubspot", "contacts") }}
),

-- A merge of contacts moves their deals without changing them.
moved as (
    select
        source.*,
        coalesce(merged.merged_into_id, source.contact_id) as own_contact_id
    from source
    left join merged on merged.record_type = 'contact' and source.contact_id = merged.merged_id
),

final as (
    select
        'hubspot' as source,
        'deals' as stream,
        {{ sole_account("hubspot") }} as account_id,
        moved.deal_id as record_id,
        'contact:' || contacts.contact_id as journey_key,
        moved.created_at,
        cast(moved.amount as decimal(18, 6)) as amount_local,
        moved.currency_code,
        'pipeline:' || moved.pipeline as selector,
        cast(null as {{ dbt.type_string() }}) as goal,
        contacts.email_hmac as customer_key,
        cast(1 as bigint) as _rows,
        moved._day,
        moved._load_id
    from moved
    left join contacts on moved.own_contact_id = contacts.contact_id
    where
        moved.deal_id not in (
            select merged_id from merged
            where record_type = 'deal'
        )
)

select * from final
