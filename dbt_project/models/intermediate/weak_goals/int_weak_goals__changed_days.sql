-- Days of visits whose weak goals read differently from the last completed build: their events
-- changed, they are due only now, or they have come to be settled. Null stands for everything that
-- is no visit, which is written anew each time.
with covered as (
    select
        through_date,
        completed_build_id
    from {{ ref("int_builds__covered") }}
),

previous as (
    select
        build_id,
        through_date
    from {{ source("trueup", "completed_builds") }}
),

spells as (
    select
        covered.through_date,
        previous.through_date as previous_date,
        settings.settled_after_days
    from covered
    inner join previous on covered.completed_build_id = previous.build_id
    cross join {{ source("company", "settings") }} as settings
),

-- A property's day may lie a day before or after the reporting zone's.
final as (
    select cast(null as date) as record_date
    union
    select record_date from {{ ref("int_sessions__changed_days") }}
    union
    select visits.record_date
    from {{ ref("int_weak_goals__days") }} as visits
    cross join spells
    where
        visits.record_date >= {{ add_days("spells.previous_date", -1) }}
        or (
            visits.record_date
            >= {{ add_days("spells.previous_date", "-spells.settled_after_days - 1") }}
            and visits.record_date
            <= {{ add_days("spells.through_date", "-spells.settled_after_days + 1") }}
        )
)

select * from final
