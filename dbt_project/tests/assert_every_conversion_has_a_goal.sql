{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Conversions that no goal of the company file maps stand in the ledger under goal (unmapped).
select
    source || ' ' || record_type as segment,
    min(conversion_date) as since_date,
    count(*) as affected_rows,
    sum(net_amount_local) as affected_amount_local,
    currency_code
from {{ ref("fct_conversions") }}
where goal = '(unmapped)'
group by source, record_type, currency_code
