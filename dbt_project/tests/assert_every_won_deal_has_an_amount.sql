{{ config(severity="warn") }}

-- A deal won without an amount earns nothing in the ledger until the CRM says what it is worth.
select
    source,
    deal_record_id,
    entered_at
from {{ ref("int_deals__outcomes") }}
where outcome = 'won' and amount_local is null
