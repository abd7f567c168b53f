-- A session belongs to the export day it began on. When a day changes, sessions that seemed to
-- begin on the day after may turn out to have begun on it, or the other way round.
select record_date
from {{ ref("int_ga4__changed_days") }}
union
select {{ add_days("record_date", 1) }} as record_date
from {{ ref("int_ga4__changed_days") }}
