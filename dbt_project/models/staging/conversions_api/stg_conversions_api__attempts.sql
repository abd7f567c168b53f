{{ config(materialized="table") }}

-- What was sent again, distinguished from what bears the same id by mistake: an id that is no
-- event's own (a session's, a counter of the page) would make one event of many. Attempts are of
-- one event where they speak of one order, and, without an order, where each lies within two days
-- of the one before it, as Meta takes them. The first keeps the id; the others have their number
-- behind it.
with source as (
    select
        *,
        coalesce(event_at, sent_at) as occurred_at
    from {{ source("raw_conversions_api", "attempts") }}
),

-- An attempt that names no order is of the one order its id is known by.
with_orders as (
    select
        *,
        coalesce(
            transaction_id,
            case
                when
                    min(transaction_id) over (
                        partition by destination, account_id, action, event_key
                    ) = max(transaction_id) over (
                        partition by destination, account_id, action, event_key
                    )
                    then max(transaction_id) over (
                        partition by destination, account_id, action, event_key
                    )
            end
        ) as order_id
    from source
),

with_previous as (
    select
        *,
        lag(occurred_at) over (
            partition by destination, account_id, action, event_key, is_test, order_id
            order by occurred_at
        ) as previous_at
    from with_orders
),

with_runs as (
    select
        *,
        sum(
            case
                when order_id is null and occurred_at > previous_at + interval '2' day then 1
                else 0
            end
        ) over (
            partition by destination, account_id, action, event_key, is_test, order_id
            order by occurred_at
            range between unbounded preceding and current row
        ) as run
    from with_previous
),

with_firsts as (
    select
        *,
        min(occurred_at) over (
            partition by destination, account_id, action, event_key, is_test, order_id, run
        ) as first_at
    from with_runs
),

numbered as (
    select
        *,
        dense_rank() over (
            partition by destination, account_id, action, event_key
            order by is_test, first_at, order_id, run
        ) as event_number
    from with_firsts
),

final as (
    select
        log,
        destination,
        account_id,
        action,
        case
            when event_number = 1 then event_key
            else event_key || ' #' || cast(event_number as {{ dbt.type_string() }})
        end as event_id,
        has_event_id,
        transaction_id,
        event_at,
        sent_at,
        sent_date,
        is_clock_wrong,
        is_test,
        outcome,
        http_status,
        error_code,
        error_subcode,
        reason,
        request_id,
        has_email,
        has_phone,
        has_address,
        has_external_id,
        has_browser_id,
        has_ip,
        is_hashed,
        click_id_kinds,
        has_ads_consent,
        has_personalization_consent,
        amount,
        currency_code,
        _day,
        _load_id
    from numbered
)

select * from final
