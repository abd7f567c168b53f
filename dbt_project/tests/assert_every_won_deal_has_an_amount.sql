{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Deals were won without an amount: they earn nothing in the ledger until the CRM says what they
-- are worth.
select
    source as segment,
    cast(min(entered_at) as date) as since_date,
    count(*) as affected_rows,
    min_by(deal_record_id, entered_at) as first_deal
from {{ ref("int_deals__outcomes") }}
where outcome = 'won' and amount_local is null
group by source
