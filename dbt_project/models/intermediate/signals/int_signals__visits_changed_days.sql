-- Days whose visits count differently from the last completed build.
select
    days.system,
    days.signal_date
from {{ ref("int_signals__visits_days") }} as days
cross join {{ ref("int_builds__covered") }} as covered
where days.changed_by_build_id > covered.completed_build_id
