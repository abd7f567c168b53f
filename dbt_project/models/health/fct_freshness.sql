select
    source,
    stream,
    account as account_id,
    landed_through,
    is_stale
from {{ source("trueup", "freshness") }}
