{{ config(severity="warn", meta={"runbook": "docs/runbook.md#customers"}) }}

-- One address or customer number stands on more records than a person makes: it is of nobody in
-- particular, or of a very large customer. Their records count, and are of no customer. Only
-- sources with such a record in the last month are named, so that a correction shows.
with covered as (
    select {{ add_days("through_date", -30) }} as after_date
    from {{ ref("int_builds__covered") }}
),

records as (
    select
        recorded.source,
        recorded.stream,
        recorded.conversion_date,
        recorded.customer_key
    from {{ ref("int_conversions__recorded") }} as recorded
    inner join {{ ref("int_customers__shared_keys") }} as shared_keys
        on recorded.customer_key = shared_keys.customer_key
    where recorded.is_due
)

select
    records.source || ' ' || records.stream as segment,
    min(records.conversion_date) as since_date,
    count(*) as affected_rows,
    cast(count(distinct records.customer_key) as {{ dbt.type_string() }})
    || ' address(es) or number(s) of nobody in particular on '
    || cast(count(*) as {{ dbt.type_string() }}) || ' records' as observed
from records
cross join covered
group by records.source, records.stream
having max(case when records.conversion_date > covered.after_date then 1 else 0 end) = 1
