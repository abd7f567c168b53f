-- The loads whose snapshot of an account is the newest.
select distinct
    source,
    stream,
    load_id
from {{ source("trueup", "current_days") }}
