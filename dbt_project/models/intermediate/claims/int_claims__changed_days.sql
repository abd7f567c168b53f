-- Days on which claims read differently from the last completed build.
select days.claim_date
from {{ ref("int_claims__days") }} as days
cross join {{ ref("int_builds__covered") }} as covered
where days.changed_by_build_id > covered.completed_build_id
