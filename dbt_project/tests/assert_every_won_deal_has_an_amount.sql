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
    newest.source as segment,
    {{ local_date("min(newest.sold_at)", "min(settings.reporting_zone)") }} as since_date,
    count(*) as affected_rows,
    min_by(newest.deal_record_id, newest.sold_at) as first_deal
from newest
cross join {{ source("company", "settings") }} as settings
where newest.outcome = 'won' and coalesce(newest.amount_local, 0) = 0
group by newest.source
