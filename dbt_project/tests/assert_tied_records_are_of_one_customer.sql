{{ config(meta={"runbook": "docs/runbook.md#customers"}) }}

-- Hashes that records of one journey carry are of two customers, or one hash is: a chain of them is
-- longer than int_customers__keys follows.
select
    'journey' as tied_by,
    min(journey_id) as example
from (
    select journey_id
    from {{ ref("int_customers__keys") }}
    group by journey_id
    having count(distinct customer_id) > 1
) as journeys
having count(*) > 0
union all
select
    'hash' as tied_by,
    min(customer_key) as example
from (
    select customer_key
    from {{ ref("int_customers__keys") }}
    group by customer_key
    having count(distinct customer_id) > 1
) as hashes
having count(*) > 0
