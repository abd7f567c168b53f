select
    gate,
    suite,
    expectation,
    column_name,
    severity,
    verdict,
    observed,
    checked_at,
    released_by,
    reason
from {{ source("trueup", "gate_results") }}
