{{ config(severity="warn", meta={"runbook": "docs/runbook.md#deal-stages"}) }}

-- Deals entered stages of which neither their source nor the company file says whether they mean
-- won, lost or open: they changed nothing in the ledger. Name them under won_stages, lost_stages or
-- open_stages.
select
    source || ': stage ' || stage as segment,
    cast(min(entered_at) as date) as since_date,
    count(*) as affected_rows,
    min_by(deal_record_id, entered_at) as first_deal
from {{ ref("int_deals__outcomes") }}
where is_unknown
group by source, stage
