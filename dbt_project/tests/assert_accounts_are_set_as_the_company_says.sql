{{ config(severity="warn", meta={"runbook": "docs/runbook.md#days"}) }}

-- A vendor's account is set to another time zone or currency than the company file says.
-- Days and amounts of the account are read by what the company file says.
select
    setting as signal,
    source || ' ' || account_id as segment,
    vendor_value,
    company_value
from {{ ref("fct_account_settings") }}
where is_different
