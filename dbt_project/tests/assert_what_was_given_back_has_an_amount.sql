{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Orders or bookings say that money was taken back of them, and nobody says how much.
-- The ledger still has all of it. The amount is that of refunded ones, in the reporting currency;
-- of a chargeback it may be less than all, so none is named. What the company does not count as
-- revenue is not in the ledger to be taken back.
select
    set_aside.source || '.' || set_aside.stream as segment,
    min(set_aside.day) as since_date,
    count(*) as affected_rows,
    sum(conversions.net_amount) as affected_amount_local,
    max(case when conversions.conversion_id is not null then settings.reporting_currency end)
        as currency_code,
    min(set_aside.position_or_record) as first_record
from {{ ref("fct_set_aside") }} as set_aside
cross join {{ source("company", "settings") }} as settings
left join {{ ref("fct_conversions") }} as conversions
    on
        set_aside.source || ':' || set_aside.position_or_record = conversions.conversion_id
        and conversions.record_type != 'visit'
where
    set_aside.set_by = 'build'
    and set_aside.kind = 'no amount'
    and (conversions.conversion_id is null or conversions.net_amount > 0)
group by set_aside.source, set_aside.stream
