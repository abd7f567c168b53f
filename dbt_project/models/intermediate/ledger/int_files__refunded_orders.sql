{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key=["entry_id", "conversion_id"],
) }}

-- A corrected file may drop a refund, or take it from another order: what it took from before reads
-- differently too. So refunds that are gone stay here, and what changed is marked with the build.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

told as (
    select
        entry_id,
        conversion_id,
        true as is_told
    from {{ ref("int_files__ledger_entries") }}
    where entry_type = 'refund'
),

before as (
    {% if is_incremental() %}
        select
            entry_id,
            conversion_id,
            is_told
        from {{ this }}
    {% else %}
        select * from told
        where false
    {% endif %}
),

final as (
    select
        coalesce(told.entry_id, before.entry_id) as entry_id,
        coalesce(told.conversion_id, before.conversion_id) as conversion_id,
        coalesce(told.is_told, false) as is_told,
        build.build_id as changed_by_build_id
    from told
    full outer join before
        on told.entry_id = before.entry_id and told.conversion_id = before.conversion_id
    cross join build
    where coalesce(told.is_told, false) is distinct from before.is_told
)

select * from final
