{{ config(materialized="table") }}

with events as (
    select * from {{ ref("int_server_events__judged") }}
),

sales as (
    select
        conversion_id,
        gross_amount
    from {{ ref("int_conversions__reconciled") }}
    where record_type != 'visit'
),

final as (
    select
        events.destination,
        events.account_id,
        events.action,
        events.event_id,
        events.has_event_id,
        events.transaction_id,
        events.conversion_id,
        events.event_at,
        events.sent_at,
        events.sent_date,
        events.attempt_count,
        events.is_test,
        events.is_clock_wrong,
        cast({{ seconds_between("events.event_at", "events.sent_at") }} as bigint) as delay_seconds,
        events.is_received,
        events.outcome,
        events.error_code,
        events.error_subcode,
        events.reason,
        events.request_id,
        events.has_email,
        events.has_phone,
        events.has_address,
        events.has_external_id,
        events.has_browser_id,
        events.has_ip,
        events.is_hashed,
        events.click_id_kinds,
        events.has_ads_consent,
        events.has_personalization_consent,
        events.has_order,
        events.has_browser_event,
        events.currency_code,
        events.amount_local,
        events.amount,
        sales.gross_amount as order_amount
    from events
    left join sales on events.conversion_id = sales.conversion_id
)

select * from final
