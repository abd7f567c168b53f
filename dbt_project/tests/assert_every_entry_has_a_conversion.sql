{{ config(severity="warn") }}

-- Money given back of an order or booking nobody knows: older than what was landed, or named nowhere.
-- It counts in the ledger, on its day and under no goal; here it is counted and the first one named.
select
    source,
    entry_type,
    currency_code,
    count(*) as row_count,
    sum(amount_local) as amount_local,
    min(entry_date) as first_entry_date,
    min_by(entry_id, {{ as_struct(["entry_date", "entry_id"]) }}) as first_entry_id
from {{ ref("fct_ledger_entries") }}
where conversion_id is null
group by source, entry_type, currency_code
