-- Every day each new load covers, in the window it was asked for.
select
    new_loads.source,
    new_loads.stream,
    new_loads.account as load_account,
    new_loads.load_id,
    new_loads.committed_at,
    days.date_day as claim_date
from {{ source("trueup", "new_loads") }} as new_loads
inner join {{ ref("int_dates__spined") }} as days
    on new_loads.since <= days.date_day and new_loads.until > days.date_day
