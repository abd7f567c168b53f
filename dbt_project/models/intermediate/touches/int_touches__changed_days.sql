-- Days on which touches read differently from the last completed build.
select
    days.touch_type,
    days.record_date
from {{ ref("int_touches__days") }} as days
cross join {{ ref("int_builds__covered") }} as covered
where days.changed_by_build_id > covered.completed_build_id
