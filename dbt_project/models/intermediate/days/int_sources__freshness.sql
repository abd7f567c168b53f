-- How far each source has landed, by its laggard stream; the day before history where nothing has.
select
    freshness.source,
    min(
        coalesce(freshness.landed_through, {{ add_days("settings.history_start", -1) }})
    ) as landed_through,
    bool_or(freshness.is_stale) as is_stale
from {{ source("trueup", "freshness") }} as freshness
cross join {{ source("company", "settings") }} as settings
group by freshness.source
