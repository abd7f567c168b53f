with records as (
    select
        'contact' as record_type,
        contact_id as record_id,
        merged_ids,
        _load_id
    from {{ source("raw_hubspot", "contacts") }}
    union all
    select
        'deal' as record_type,
        deal_id as record_id,
        merged_ids,
        _load_id
    from {{ source("raw_hubspot", "deals") }}
),

listed as (
    select
        record_type,
        {{ split_rows("merged_ids", "';'") }} as merged_id,
        record_id,
        _load_id
    from records
    where merged_ids is not null
),

-- A record merged twice is listed by both that it became: the last is the one no other lists.
final as (
    select
        listed.record_type,
        listed.merged_id,
        listed.record_id as merged_into_id,
        listed._load_id
    from listed
    left join listed as later
        on listed.record_type = later.record_type and listed.record_id = later.merged_id
    qualify
        row_number() over (
            partition by listed.record_type, listed.merged_id
            order by later.merged_id is not null, listed.record_id desc
        ) = 1
)

select * from final
