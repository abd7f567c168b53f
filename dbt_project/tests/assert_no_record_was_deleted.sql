{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Orders were landed and are in their system no more: they and their money left the mart when that
-- was known. Reported as long as they are of the newest 60 days, which is how far back is asked.
select
    set_aside.source || '.' || set_aside.stream as segment,
    min(set_aside.day) as since_date,
    count(*) as affected_rows,
    sum(set_aside.amount_local) as affected_amount_local,
    set_aside.currency_code,
    min(set_aside.position_or_record) as first_record
from {{ ref("fct_set_aside") }} as set_aside
cross join {{ source("trueup", "build") }} as build
where
    set_aside.set_by = 'build'
    and set_aside.kind = 'deleted'
    and set_aside.day > {{ add_days("build.through_date", -60) }}
group by set_aside.source, set_aside.stream, set_aside.currency_code
