{{ config(materialized="table") }}

with recursive records as (
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

-- A record merged twice is listed by both that it became, or by the first alone, which the second
-- lists: the last is the one no other lists.
followed as (
    select
        record_type,
        merged_id,
        record_id,
        _load_id,
        1 as steps
    from others
    union
    select
        followed.record_type,
        followed.merged_id,
        later.record_id,
        later._load_id,
        followed.steps + 1 as steps
    from followed
    inner join others as later
        on followed.record_type = later.record_type and followed.record_id = later.merged_id
    -- HubSpot merges a record at most 250 times; who lists whom in a circle ends here
    where followed.steps < 250 and later.record_id != followed.merged_id
),

final as (
    select
        followed.record_type,
        followed.merged_id,
        followed.record_id as merged_into_id,
        followed._load_id
    from followed
    left join others as later
        on followed.record_type = later.record_type and followed.record_id = later.merged_id
    qualify
        row_number() over (
            partition by followed.record_type, followed.merged_id
            order by later.merged_id is not null, followed.steps desc, followed.record_id desc
        ) = 1
)

select * from final
