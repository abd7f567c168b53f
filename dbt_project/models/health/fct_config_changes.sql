{{ config(materialized="table") }}

-- What somebody changed in a system, first seen when, in words. A first snapshot changes nothing.
with changes as (
    select
        source,
        account_id,
        object_type,
        object_id,
        object_name,
        feeds,
        '(object)' as setting,
        kind,
        case kind when 'removed' then 'present' end as old_value,
        case kind when 'added' then 'present' end as new_value,
        previous_at,
        observed_at,
        changed_by
    from {{ ref("int_settings__objects") }}
    union all
    select
        source,
        account_id,
        object_type,
        object_id,
        object_name,
        feeds,
        setting,
        'changed' as kind,
        old_value,
        new_value,
        previous_at,
        observed_at,
        changed_by
    from {{ ref("int_settings__values") }}
),

with_goals as (
    select
        changes.*,
        goals.goals
    from changes
    left join {{ ref("int_settings__goals") }} as goals on changes.feeds = goals.feeds
),

final as (
    select
        source,
        account_id,
        object_type,
        object_id,
        object_name,
        setting,
        {{ hop_of("object_type", "setting") }} as hop,
        old_value,
        new_value,
        observed_at,
        previous_at as last_seen_before_at,
        changed_by,
        goals,
        coalesce(
            {{ is_break("kind", "object_type", "setting", "old_value", "new_value") }}, false
        )
        and (
            goals is not null
            -- of one more conversion action nobody has said yet what it counts
            or kind = 'added' and object_type = 'conversion action'
        ) as is_break,
        {{ describe_change(
            "kind", "object_type", "object_id", "object_name", "setting", "old_value", "new_value"
        ) }} as change
    from with_goals
)

select * from final
