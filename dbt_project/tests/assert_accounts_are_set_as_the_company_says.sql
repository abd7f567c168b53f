{{ config(severity="warn", meta={"runbook": "docs/runbook.md#days"}) }}

-- A vendor's account is set to another time zone or currency than the company file says.
-- Days and amounts of the account are read by what the company file says. Vendors that do not say
-- what an account is set to say it by their rows: the currency that most of them are in.
with accounts as (
    select
        source,
        account_id,
        currency_code,
        count(*) over (partition by source) as accounts_of_source
    from {{ source("company", "accounts") }}
),

amounts as (
    select
        source,
        account_id,
        currency_code
    from {{ ref("shape_ad_performance") }}
    union all
    select
        source,
        account_id,
        currency_code
    from {{ ref("shape_orders") }}
    union all
    select
        source,
        null as account_id,
        currency_code
    from {{ ref("int_events__conversions") }}
),

counted as (
    select
        accounts.source,
        accounts.account_id,
        accounts.currency_code as company_value,
        amounts.currency_code as vendor_value,
        count(*) as row_count
    from accounts
    inner join amounts
        on
            accounts.source = amounts.source
            and (
                accounts.account_id = amounts.account_id
                or amounts.account_id is null and accounts.accounts_of_source = 1
            )
    where amounts.currency_code is not null
    group by
        accounts.source, accounts.account_id, accounts.currency_code, amounts.currency_code
),

most as (
    select *
    from counted
    qualify
        row_number() over (
            partition by source, account_id order by row_count desc, vendor_value
        ) = 1
)

select
    setting as signal,
    source || ' ' || account_id as segment,
    vendor_value,
    company_value
from {{ ref("fct_account_settings") }}
where is_different
union all
select
    'currency of amounts' as signal,
    source || ' ' || account_id as segment,
    vendor_value,
    company_value
from most
where vendor_value != company_value
