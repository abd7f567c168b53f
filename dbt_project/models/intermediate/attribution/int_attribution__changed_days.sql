-- Days whose conversions are credited otherwise than in the last completed build.
select days.conversion_date
from {{ ref("int_attribution__days") }} as days
cross join {{ ref("int_builds__covered") }} as covered
where days.changed_by_build_id > covered.completed_build_id
