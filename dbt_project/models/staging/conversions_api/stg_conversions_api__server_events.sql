{{ config(materialized="table") }}

-- An event that was sent again is one event: it was accepted if it ever was, and a later attempt
-- says more than an earlier one. It is counted on the day it was first sent.
with source as (
    select * from {{ ref("stg_conversions_api__attempts") }}
),

ranked as (
    select
        *,
        min(_day) over (
            partition by destination, account_id, action, event_id
        ) as first_day,
        row_number() over (
            partition by destination, account_id, action, event_id
            order by sent_at, request_id, http_status, log
        ) as attempt_number,
        row_number() over (
            partition by destination, account_id, action, event_id
            order by
                case outcome
                    when 'accepted' then 1
                    when 'received' then 2
                    when 'unknown' then 3
                    else 4
                end,
                sent_at desc,
                request_id desc,
                http_status desc,
                log desc
        ) as decisive_number
    from source
),

final as (
    select
        'conversions_api' as source,
        'attempts' as stream,
        destination,
        account_id,
        action,
        event_id,
        max(has_event_id) as has_event_id,
        max(case when decisive_number = 1 then transaction_id end) as transaction_id,
        count(distinct transaction_id) as transaction_count,
        max(case when decisive_number = 1 then event_at end) as event_at,
        max(case when decisive_number = 1 then is_clock_wrong end) as is_clock_wrong,
        min(sent_at) as sent_at,
        min(sent_date) as sent_date,
        count(distinct concat_ws(' ', cast(sent_at as {{ dbt.type_string() }}), request_id))
            as attempt_count,
        max(case when decisive_number = 1 then is_test end) as is_test,
        max(case when decisive_number = 1 then outcome end) as outcome,
        max(case when decisive_number = 1 then error_code end) as error_code,
        max(case when decisive_number = 1 then error_subcode end) as error_subcode,
        max(case when decisive_number = 1 then reason end) as reason,
        max(case when decisive_number = 1 then request_id end) as request_id,
        max(case when decisive_number = 1 then has_email end) as has_email,
        max(case when decisive_number = 1 then has_phone end) as has_phone,
        max(case when decisive_number = 1 then has_address end) as has_address,
        max(case when decisive_number = 1 then has_external_id end) as has_external_id,
        max(case when decisive_number = 1 then has_browser_id end) as has_browser_id,
        max(case when decisive_number = 1 then has_ip end) as has_ip,
        max(case when decisive_number = 1 then is_hashed end) as is_hashed,
        max(case when decisive_number = 1 then click_id_kinds end) as click_id_kinds,
        max(case when decisive_number = 1 then has_ads_consent end) as has_ads_consent,
        max(case when decisive_number = 1 then has_personalization_consent end)
            as has_personalization_consent,
        max(case when decisive_number = 1 then currency_code end) as currency_code,
        max(case when decisive_number = 1 then amount end) as amount_local,
        cast(sum(case when _day = first_day then 1 else 0 end) as bigint) as _rows,
        min(_day) as _day,
        max(case when attempt_number = 1 then _load_id end) as _load_id
    from ranked
    group by destination, account_id, action, event_id
)

select * from final
