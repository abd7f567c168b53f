{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Orders say that money was taken back of them, and nobody says how much: the ledger still has all
-- of it. The page of the source says what it takes to know.
select
    source || '.' || stream as segment,
    min(day) as since_date,
    count(*) as affected_rows,
    min(position_or_record) as first_record
from {{ ref("fct_set_aside") }}
where set_by = 'build' and kind = 'no amount'
group by source, stream
