{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

-- More money of a record went back than ever came in: a refund stands twice, or one of the whole
-- beside those of its parts. It counts as the seller's records have it. A fee gives nothing back, a
-- gift card that is sold is a debt. Only what went back in the last month counts, so that a
-- correction shows.
with covered as (
    select {{ add_days("through_date", -30) }} as after_date
    from {{ ref("int_builds__covered") }}
),

entries as (
    select
        *,
        entry_type in ('refund', 'cancellation', 'chargeback', 'credit_returned') as is_back
    from {{ ref("fct_ledger_entries") }}
    where conversion_id is not null and entry_type not in ('fee', 'credit_sold')
),

balances as (
    select
        source,
        conversion_id,
        currency_code,
        max(case when is_back and amount_local < 0 then entry_date end) as last_date,
        sum(case when is_back then 0 else amount_local end) as came_amount_local,
        sum(amount_local) as left_amount_local
    from entries
    group by source, conversion_id, currency_code
)

select
    balances.source as segment,
    min(balances.last_date) as since_date,
    count(*) as affected_rows,
    sum(balances.left_amount_local) as affected_amount_local,
    balances.currency_code,
    min(balances.conversion_id) as first_conversion_id
from balances
cross join covered
where
    balances.came_amount_local > 0
    and balances.left_amount_local <= -0.01
    and balances.last_date > covered.after_date
group by balances.source, balances.currency_code
