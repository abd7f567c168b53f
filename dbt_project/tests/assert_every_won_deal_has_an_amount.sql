{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Deals stand won without an amount, or with a placeholder of 0: they earn nothing in the ledger
-- until the CRM says what they are worth.
with newest as (
    select * from {{ ref("int_deals__outcomes") }}
    qualify
        row_number() over (
            partition by source, deal_record_id order by entered_at desc, stage desc
        ) = 1
)

select
    source as segment,
    cast(min(sold_at) as date) as since_date,
    count(*) as affected_rows,
    min_by(deal_record_id, sold_at) as first_deal
from newest
where outcome = 'won' and coalesce(amount_local, 0) = 0
group by source
