{{ config(meta={"runbook": "docs/runbook.md#customers"}) }}

-- Hashes that records of one journey carry are of two customers, or one hash is: what ties them was
-- not followed to its end.
select
    'journey' as tied_by,
    journey_id as tie,
    count(distinct customer_id) as customers
from {{ ref("int_customers__keys") }}
group by journey_id
having count(distinct customer_id) > 1
union all
select
    'hash' as tied_by,
    customer_key as tie,
    count(distinct customer_id) as customers
from {{ ref("int_customers__keys") }}
group by customer_key
having count(distinct customer_id) > 1
