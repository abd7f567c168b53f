{{ config(severity="warn", meta={"runbook": "docs/runbook.md#rates"}) }}

-- An exchange rate moved by a tenth or more from the last one that landed.
-- Whatever lies between the two: windows, holidays, days without a rate. The last month counts.
with compared as (
    select
        currency_code,
        rate_date,
        units_per_base,
        lag(units_per_base) over (partition by currency_code order by rate_date) as units_before,
        lag(rate_date) over (partition by currency_code order by rate_date) as rate_date_before
    from {{ ref("int_exchange_rates__published") }}
),

covered as (
    select through_date from {{ ref("int_builds__covered") }}
)

select
    compared.currency_code as segment,
    min(compared.rate_date) as since_date,
    count(*) as affected_rows,
    min(compared.rate_date_before) as rate_date_before,
    max(abs(compared.units_per_base / compared.units_before - 1)) as moved_by
from compared
cross join covered
where
    abs(compared.units_per_base / compared.units_before - 1) >= 0.1
    and compared.rate_date > {{ add_days("covered.through_date", -30) }}
group by compared.currency_code
