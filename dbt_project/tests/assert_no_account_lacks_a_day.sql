{{ config(severity="warn", meta={"runbook": "docs/runbook.md#freshness"}) }}

-- An account or feed lacks days that others of its source have.
-- The daily marts name it on those days.
select
    source || ' ' || account_id as segment,
    min(first_date) as since_date,
    max(last_date) as last_date,
    max(day_count) as day_count,
    string_agg(distinct stream, ', ' order by stream) as streams
from {{ ref("fct_missing_days") }}
group by source, account_id
