{{ config(materialized="table") }}

-- Settings of an object that is there before and after, whose value became another. A value that is
-- null is not known: it is passed over, and the known one before it is compared with the next. A
-- setting without a row is not set.
with rows_of_settings as (
    select
        snapshots.*,
        moments.previous_at,
        moments.next_at,
        row_number() over (
            partition by snapshots.object_key, snapshots.setting order by snapshots.place
        ) as position,
        lag(snapshots.place) over (
            partition by snapshots.object_key, snapshots.setting order by snapshots.place
        ) as place_before,
        lead(snapshots.place) over (
            partition by snapshots.object_key, snapshots.setting order by snapshots.place
        ) as place_after
    from {{ ref("int_settings__snapshots") }} as snapshots
    inner join {{ ref("int_settings__moments") }} as moments
        on snapshots.account_key = moments.account_key and snapshots.place = moments.place
),

known as (
    select
        *,
        lag(value) over (partition by object_key, setting order by place) as value_before,
        lag(place) over (partition by object_key, setting order by place) as known_place_before,
        lag(position) over (partition by object_key, setting order by place) as position_before,
        lag(observed_at) over (partition by object_key, setting order by place)
            as known_before_at,
        lag(object_name) over (partition by object_key, setting order by place) as name_before,
        lag(feeds) over (partition by object_key, setting order by place) as feeds_before
    from rows_of_settings
    where value is not null
),

judged as (
    select
        *,
        position - position_before = place - known_place_before as is_unbroken,
        place_before is null or place_before < place - 1 as is_new
    from known
),

came_or_changed as (
    select
        source,
        account_id,
        object_type,
        object_id,
        object_key,
        object_name,
        name_before,
        concat_ws(';', feeds_before, feeds) as feeds,
        setting,
        case when is_unbroken then value_before end as old_value,
        value as new_value,
        place,
        case when is_unbroken then known_before_at else previous_at end as previous_at,
        observed_at,
        changed_by
    from judged
    where
        is_unbroken and value != value_before
        or previous_at is not null and is_new
),

went as (
    select
        source,
        account_id,
        object_type,
        object_id,
        object_key,
        object_name,
        object_name as name_before,
        feeds,
        setting,
        value as old_value,
        cast(null as {{ dbt.type_string() }}) as new_value,
        place + 1 as place,
        observed_at as previous_at,
        next_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by
    from rows_of_settings
    where
        value is not null
        and next_at is not null
        and (place_after is null or place_after > place + 1)
),

unioned as (
    select * from came_or_changed
    union all
    select * from went
),

-- What an object came or went with is one change, of the object.
final as (
    select unioned.*
    from unioned
    left join {{ ref("int_settings__objects") }} as objects
        on unioned.object_key = objects.object_key and unioned.place = objects.place
    where objects.object_key is null
)

select * from final
