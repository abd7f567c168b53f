{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- Money of a record went back before the record was made and before any of it came in: one of the
-- two days is wrong, or the wrong record is named. It counts on the day it bears. A day's
-- difference is two clocks. Only what was made in the last month counts, so that a correction
-- shows.
with covered as (
    select {{ add_days("through_date", -30) }} as after_date
    from {{ ref("int_builds__covered") }}
),

firsts as (
    select
        conversion_id,
        min(entry_date) as first_date
    from {{ ref("fct_ledger_entries") }}
    where entry_type in ('sale', 'credit_spent')
    group by conversion_id
)

select
    entries.source || ' ' || entries.entry_type as segment,
    min(entries.entry_date) as since_date,
    count(*) as affected_rows,
    sum(entries.amount_local) as affected_amount_local,
    entries.currency_code,
    min(entries.entry_id) as first_entry_id
from {{ ref("fct_ledger_entries") }} as entries
inner join {{ ref("fct_conversions") }} as conversions
    on
        entries.conversion_id = conversions.conversion_id
        and conversions.record_type != 'visit'
left join firsts on entries.conversion_id = firsts.conversion_id
cross join covered
where
    entries.entry_type in ('refund', 'cancellation', 'chargeback')
    and entries.amount_local < 0
    and conversions.conversion_date > covered.after_date
    and entries.entry_date
    < {{ add_days(
        "least(conversions.conversion_date, coalesce(firsts.first_date, conversions.conversion_date))",
        -1
    ) }}
group by entries.source, entries.entry_type, entries.currency_code
