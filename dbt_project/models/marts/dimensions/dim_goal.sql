select
    goal,
    tier,
    counts_as_revenue,
    margin_ratio
from {{ source("company", "goals") }}
union all
select
    '(unmapped)' as goal,
    'weak' as tier,
    false as counts_as_revenue,
    cast(null as decimal(9, 4)) as margin_ratio
