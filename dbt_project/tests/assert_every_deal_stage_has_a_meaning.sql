{{ config(severity="warn", meta={"runbook": "docs/runbook.md#deal-stages"}) }}

-- Deals entered stages of which neither their source nor the company file says whether they mean
-- won, lost or open: they changed nothing in the ledger. Name them under won_stages, lost_stages or
-- open_stages.
select
    outcomes.source || ': stage ' || outcomes.stage as segment,
    {{ local_date("min(outcomes.entered_at)", "min(settings.reporting_zone)") }} as since_date,
    count(*) as affected_rows,
    min_by(outcomes.deal_record_id, outcomes.entered_at) as first_deal
from {{ ref("int_deals__outcomes") }} as outcomes
cross join {{ source("company", "settings") }} as settings
where outcomes.is_unknown
group by outcomes.source, outcomes.stage
