{{ config(materialized="table") }}

-- Objects that came or went between two snapshots of their account. One that came back came anew.
with seen as (
    select
        account_key,
        object_key,
        place,
        source,
        account_id,
        object_type,
        object_id,
        max(object_name) as object_name,
        max(feeds) as feeds,
        max(changed_by) as changed_by
    from {{ ref("int_settings__snapshots") }}
    group by account_key, object_key, place, source, account_id, object_type, object_id
),

placed as (
    select
        seen.*,
        moments.observed_at,
        moments.previous_at,
        moments.next_at,
        lag(seen.place) over (partition by seen.object_key order by seen.place) as place_before,
        lead(seen.place) over (partition by seen.object_key order by seen.place) as place_after
    from seen
    inner join {{ ref("int_settings__moments") }} as moments
        on seen.account_key = moments.account_key and seen.place = moments.place
),

final as (
    select
        source,
        account_id,
        object_type,
        object_id,
        object_key,
        object_name,
        feeds,
        'added' as kind,
        place,
        previous_at,
        observed_at,
        changed_by
    from placed
    where previous_at is not null and (place_before is null or place_before < place - 1)
    union all
    select
        source,
        account_id,
        object_type,
        object_id,
        object_key,
        object_name,
        feeds,
        'removed' as kind,
        place + 1 as place,
        observed_at as previous_at,
        next_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by
    from placed
    where next_at is not null and (place_after is null or place_after > place + 1)
)

select * from final
