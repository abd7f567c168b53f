{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Money was given back of orders or bookings nobody knows: older than what was landed, or named
-- nowhere. It counts in the ledger on its day, under no goal and unobserved.
select
    source || ' ' || entry_type as segment,
    min(entry_date) as since_date,
    count(*) as affected_rows,
    sum(amount_local) as affected_amount_local,
    currency_code,
    min_by(entry_id, {{ as_struct(["entry_date", "entry_id"]) }}) as first_entry_id
from {{ ref("fct_ledger_entries") }}
where conversion_id is null
group by source, entry_type, currency_code
