-- A visit belongs to the day it began on. When a day changes, what seemed to begin on the day after
-- may turn out to have begun on it, or the other way round.
select record_date
from {{ ref("int_events__changed_days") }}
union
select {{ add_days("record_date", 1) }} as record_date
from {{ ref("int_events__changed_days") }}
