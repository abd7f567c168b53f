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

others as (
    select * from listed
    where merged_id != record_id
),

-- A record merged twice is listed by both that it became: the last is the one no other lists.
final as (
    select
        others.record_type,
        others.merged_id,
        others.record_id as merged_into_id,
        others._load_id
    from others
    left join others as later
        on others.record_type = later.record_type and others.record_id = later.merged_id
    qualify
        row_number() over (
            partition by others.record_type, others.merged_id
            order by later.merged_id is not null, others.record_id desc
        ) = 1
)

select * from final
