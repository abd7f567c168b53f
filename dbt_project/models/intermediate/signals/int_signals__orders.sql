-- Of the orders of a day: how many there were of its visits, how many are worth nothing, and how
-- many were refunded or cancelled by the same age, which is why days that are younger say nothing.
with conversions as (
    select
        conversion_id,
        source,
        record_type,
        status,
        conversion_date,
        gross_amount
    from {{ ref("int_conversions__reconciled") }}
    where record_type in ('order', 'booking') and status not in ('void', 'pending')
),

records as (
    select
        conversion_id,
        is_web,
        record_amount_local
    from {{ ref("int_conversions__unioned") }}
    where record_type in ('order', 'booking')
),

refunded as (
    select
        conversion_id,
        min(entry_date) as refunded_on
    from {{ ref("fct_ledger_entries") }}
    where entry_type = 'refund' and conversion_id is not null
    group by conversion_id
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

cancelled as (
    select
        bookings.source || ':' || bookings.record_id as conversion_id,
        {{ local_date("bookings.cancelled_at", "settings.reporting_zone") }} as cancelled_on
    from {{ ref("shape_bookings") }} as bookings
    cross join settings
    where bookings.cancelled_at is not null
    union all
    select
        conversion_id,
        min(entry_date) as cancelled_on
    from {{ ref("fct_ledger_entries") }}
    where entry_type = 'cancellation' and conversion_id is not null
    group by conversion_id
),

cancellations as (
    select
        conversion_id,
        min(cancelled_on) as cancelled_on
    from cancelled
    group by conversion_id
),

placed as (
    select
        conversions.source,
        conversions.record_type,
        conversions.conversion_date,
        conversions.gross_amount,
        records.is_web and conversions.record_type = 'order' as is_web_order,
        records.record_amount_local = 0 as is_worth_nothing,
        coalesce(
            refunded.refunded_on <= {{ add_days("conversions.conversion_date", 7) }}, false
        ) as is_refunded_soon,
        coalesce(
            cancellations.cancelled_on <= {{ add_days("conversions.conversion_date", 14) }}, false
        ) as is_cancelled_soon,
        refunded.conversion_id is not null as is_refunded,
        cancellations.conversion_id is not null as is_cancelled
    from conversions
    inner join records on conversions.conversion_id = records.conversion_id
    left join refunded on conversions.conversion_id = refunded.conversion_id
    left join cancellations on conversions.conversion_id = cancellations.conversion_id
),

-- A source that never tells of a refund has none that could be missing.
telling as (
    select
        source,
        bool_or(is_refunded) as tells_refunds,
        bool_or(is_cancelled) as tells_cancellations
    from placed
    group by source
),

counted as (
    select
        placed.source,
        placed.conversion_date,
        count(*) filter (where placed.record_type = 'order') as orders,
        count(*) filter (where placed.record_type = 'order' and placed.is_worth_nothing)
            as orders_worth_nothing,
        count(*) as records,
        sum(placed.gross_amount) as gross_amount,
        case when telling.tells_refunds then count(*) filter (where placed.is_refunded_soon) end
            as refunded,
        case
            when telling.tells_cancellations
                then count(*) filter (where placed.is_cancelled_soon)
        end as cancelled
    from placed
    inner join telling on placed.source = telling.source
    group by
        placed.source,
        placed.conversion_date,
        telling.tells_refunds,
        telling.tells_cancellations
),

spans as (
    select
        source,
        min(first_date) as first_date,
        min(last_date) as last_date
    from {{ ref("int_signals__spans") }}
    where shape in ('orders', 'bookings')
    group by source
),

dated as (
    select
        'source' as dimension,
        counted.source as segment,
        counted.source as system,
        counted.conversion_date as signal_date,
        counted.orders,
        counted.orders_worth_nothing,
        counted.records,
        counted.gross_amount,
        case
            when counted.conversion_date <= {{ add_days("spans.last_date", -7) }}
                then counted.refunded
        end as refunded,
        case
            when counted.conversion_date <= {{ add_days("spans.last_date", -14) }}
                then counted.cancelled
        end as cancelled,
        true as is_mature
    from counted
    inner join spans
        on
            counted.source = spans.source
            and counted.conversion_date between spans.first_date and spans.last_date
),

web_orders as (
    select
        conversion_date,
        count(*) as web_orders
    from placed
    where is_web_order
    group by conversion_date
),

order_days as (
    select
        min(conversion_date) as first_date,
        (select min(last_date) from spans) as last_date
    from web_orders
),

visited as (
    select
        visits.dimension,
        visits.segment,
        visits.system,
        visits.signal_date,
        visits.visits,
        coalesce(web_orders.web_orders, 0) as web_orders,
        visits.is_mature
    from {{ ref("int_signals__visits_counted") }} as visits
    inner join order_days
        on visits.signal_date between order_days.first_date and order_days.last_date
    left join web_orders on visits.signal_date = web_orders.conversion_date
    where visits.dimension = 'all'
),

final as (
    {{ signals_of("dated", [
        ("order_zero_value_share", "orders_worth_nothing", "orders", none),
        ("refund_rate_7d", "refunded", "records", "gross_amount"),
        ("cancellation_rate_14d", "cancelled", "records", "gross_amount"),
    ]) }}
    union all
    {{ signals_of("visited", [("orders_per_session", "web_orders", "visits", none)]) }}
)

select * from final
