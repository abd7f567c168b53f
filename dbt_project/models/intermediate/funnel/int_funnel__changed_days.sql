-- Days of visits that count differently from the last completed build: their touches read
-- differently, or what they reached changed. A visit belongs to the day it began on and may go on
-- into the next.
select record_date
from {{ ref("int_touches__changed_days") }}
union
select record_date
from {{ ref("int_events__changed_days") }}
union
select {{ add_days("record_date", -1) }} as record_date
from {{ ref("int_events__changed_days") }}
