{{ config(materialized="table") }}

-- Every row of every snapshot, with the place of the snapshot among those of its account. Snapshots
-- are put in order by when they were taken, not by the day they were asked for.
with settings as (
    select
        source,
        account_id,
        object_type,
        object_id,
        object_name,
        setting,
        value,
        feeds,
        observed_at,
        changed_by,
        {{ hash_key(["source", "stream", "account_id"]) }} as account_key,
        {{ hash_key(["source", "stream", "account_id", "object_type", "object_id"]) }} as object_key
    from {{ ref("shape_settings") }}
),

final as (
    select
        account_key,
        object_key,
        source,
        account_id,
        object_type,
        object_id,
        object_name,
        setting,
        value,
        feeds,
        observed_at,
        changed_by,
        dense_rank() over (partition by account_key order by observed_at) as place
    from settings
)

select * from final
