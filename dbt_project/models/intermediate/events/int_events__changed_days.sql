-- Days whose events changed since the last completed build.
select distinct day as record_date
from {{ source("trueup", "changed_days") }}
where source in ({{ sources_of("events") }})
