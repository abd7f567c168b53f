-- Export days whose events changed since the last build.
select distinct day as record_date
from {{ source("trueup", "changed_days") }}
where source = 'ga4' and stream = 'events'
