{{ config(severity="warn", meta={"runbook": "docs/runbook.md#records-twice"}) }}

-- Refunds that two feeds list of the same orders or bookings, as a shop and its payment service do
-- under ids of their own: what went back counts twice. Named where most of the records that both
-- have refunds of were given back the same amount by both.
{% set least_refunds, most = 3, 0.5 %}
with by_feed as (
    select
        source,
        record_id,
        account_id as feed,
        currency_code,
        sum(amount_local) as amount_local,
        min(entry_at) as entry_at
    from {{ ref("shape_order_money") }}
    where entry_type = 'refund' and record_id is not null
    group by source, record_id, account_id, currency_code
),

by_record as (
    select
        source,
        record_id,
        currency_code,
        min(feed) as first_feed,
        max(feed) as last_feed,
        min(amount_local) = max(amount_local) as is_alike,
        max(amount_local) as amount_local,
        min(entry_at) as entry_at
    from by_feed
    group by source, record_id, currency_code
    having count(*) > 1
)

select
    source || ' ' || first_feed || ' ' || last_feed as segment,
    cast(min(case when is_alike then entry_at end) as date) as since_date,
    count(case when is_alike then 1 end) as affected_rows,
    sum(case when is_alike then amount_local end) as affected_amount_local,
    currency_code,
    cast(count(case when is_alike then 1 end) as {{ dbt.type_string() }})
    || ' records were given back the same by both, such as '
    || min(case when is_alike then record_id end) as observed
from by_record
group by source, first_feed, last_feed, currency_code
having
    count(case when is_alike then 1 end) >= {{ least_refunds }}
    and count(case when is_alike then 1 end) >= {{ most }} * count(*)
