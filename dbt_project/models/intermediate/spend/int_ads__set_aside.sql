{{ config(materialized="table") }}

-- Spend and claims that the mart has in their own currency only, because nobody knows what it is
-- worth in the reporting currency on that day.
with settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

rates as (
    select
        date_day,
        currency_code
    from {{ ref("int_exchange_rates__carried") }}
),

amounts as (
    select
        source,
        stream,
        _day as day,
        concat_ws('/', platform, account_id, campaign_id, ad_group_id, ad_id) as record_id,
        ad_date as amount_date,
        currency_code,
        spend_amount_local as amount_local,
        _load_id,
        _rows
    from {{ ref("shape_ad_performance") }}
    union all
    select
        source,
        stream,
        _day as day,
        concat_ws('/', platform, account_id) as record_id,
        ad_date as amount_date,
        currency_code,
        spend_amount_local as amount_local,
        _load_id,
        _rows
    from {{ ref("shape_account_spend") }}
    union all
    select
        source,
        stream,
        _day as day,
        concat_ws('/', platform, account_id, campaign_id, ad_group_id, ad_id, action_id)
            as record_id,
        claim_date as amount_date,
        currency_code,
        claimed_amount_local as amount_local,
        _load_id,
        _rows
    from {{ ref("shape_claims") }}
    where is_current
    union all
    select
        source,
        stream,
        _day as day,
        concat_ws('/', account_id, campaign_id, ad_group_id, ad_id) as record_id,
        search_date as amount_date,
        currency_code,
        spend_amount_local as amount_local,
        _load_id,
        _rows
    from {{ ref("shape_search_performance") }}
    where is_paid
),

final as (
    select
        amounts.source,
        amounts.stream,
        amounts.day,
        amounts.record_id,
        coalesce('no exchange rate for ' || amounts.currency_code, 'no currency') as reason,
        'no rate' as kind,
        amounts.currency_code,
        sum(amounts.amount_local) as amount_local,
        amounts._load_id,
        cast(sum(amounts._rows) as bigint) as set_aside_rows
    from amounts
    cross join settings
    left join rates
        on amounts.amount_date = rates.date_day and amounts.currency_code = rates.currency_code
    where
        amounts.amount_local != 0
        and amounts.currency_code is distinct from settings.reporting_currency
        and rates.currency_code is null
    group by all
)

select * from final
