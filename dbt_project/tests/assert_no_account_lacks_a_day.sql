{{ config(severity="warn", meta={"runbook": "docs/runbook.md#not-landed"}) }}

-- An account or feed lacks days that others of its source have.
-- The daily marts name it on those days.
select
    source || ' ' || account_id as segment,
    min(first_date) as since_date,
    max(day_count) || ' days of '
    || string_agg(distinct stream, ', ' order by stream)
    || ', the last ' || max(last_date) as observed
from {{ ref("fct_missing_days") }}
group by source, account_id
