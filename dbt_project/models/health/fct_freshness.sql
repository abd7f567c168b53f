select
    source,
    stream,
    landed_through,
    is_stale
from {{ source("trueup", "freshness") }}
