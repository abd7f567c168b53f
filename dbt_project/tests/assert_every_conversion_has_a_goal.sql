{{ config(severity="warn") }}

-- Conversions no goal of the company file maps count in the ledger as goal (unmapped).
select
    source,
    record_type,
    count(*) as row_count
from {{ ref("fct_conversions") }}
where goal = '(unmapped)'
group by source, record_type
