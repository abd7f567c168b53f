-- What the ledger is made of. What a company does not count as revenue (a declared value, a deposit
-- booked elsewhere) stays out by its goal; what has no goal, or no conversion, stays in.
select
    source,
    stream,
    entry_id,
    conversion_id,
    entry_type,
    entry_at,
    entry_date,
    amount_local,
    currency_code,
    amount
from {{ ref("int_ledger_entries__recorded") }}
where is_due and counts_as_revenue and reason is null
