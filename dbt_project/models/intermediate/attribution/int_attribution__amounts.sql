-- What each conversion brought, to be shared out among its touches.
select
    conversion_id,
    sum(amount) as revenue_amount,
    sum(margin_amount) as margin_amount
from {{ ref("fct_ledger_entries") }}
where conversion_id is not null
group by conversion_id
