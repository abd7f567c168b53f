-- The contacts of a deal by the ids they have today. `is_primary` is the one labelled so, or the
-- only one.
with deals as (
    select * from {{ source("raw_hubspot", "deals") }}
),

merged as (
    select * from {{ ref("stg_hubspot__merges") }}
    where record_type = 'contact'
),

listed as (
    select
        deal_id,
        contact_id as primary_id,
        {{ split_rows("coalesce(contact_ids, contact_id)", "';'") }} as contact_id
    from deals
    where coalesce(contact_ids, contact_id) is not null
),

-- A merge of contacts moves their deals without changing them.
final as (
    select
        listed.deal_id,
        coalesce(merged.merged_into_id, listed.contact_id) as contact_id,
        bool_or(listed.contact_id is not distinct from listed.primary_id) as is_primary
    from listed
    left join merged on listed.contact_id = merged.merged_id
    group by listed.deal_id, coalesce(merged.merged_into_id, listed.contact_id)
)

select * from final
