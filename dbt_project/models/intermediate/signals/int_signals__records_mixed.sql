-- Categories of records, counted by day: orders by the hour they were placed, credit of sales by
-- channel and model, and how the values of purchase events differ from those of their orders, for a
-- factor names its cause.
with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

spans as (
    select * from {{ ref("int_signals__spans") }}
),

orders as (
    select
        conversions.source,
        conversions.conversion_date,
        {{ local_hour("conversions.conversion_at", "settings.reporting_zone") }} as hour
    from {{ ref("int_conversions__reconciled") }} as conversions
    cross join settings
    where conversions.record_type = 'order' and conversions.is_time_known
),

ordering as (
    select
        min(source) as system,
        max(first_date) as first_date,
        min(last_date) as last_date
    from spans
    where shape = 'orders'
),

hours as (
    select
        'order_hour_mix' as signal,
        'hour' as dimension,
        orders.hour as segment,
        ordering.system,
        orders.conversion_date as signal_date,
        count(*) as category_count,
        true as is_mature
    from orders
    inner join ordering
        on orders.conversion_date between ordering.first_date and ordering.last_date
    group by orders.hour, ordering.system, orders.conversion_date
),

-- Credit is given where something was seen, and that is complete when events are.
seeing as (
    select
        min(source) as system,
        min(filled_through) as filled_through,
        min(last_date) as last_date
    from spans
    where shape in ('events', 'touches')
),

credit as (
    select
        'credit_mix' as signal,
        attribution.model as dimension,
        attribution.channel as segment,
        seeing.system,
        attribution.conversion_date as signal_date,
        round(sum(attribution.credit)) as category_count,
        attribution.conversion_date <= seeing.filled_through as is_mature
    from {{ ref("fct_attribution") }} as attribution
    inner join seeing on attribution.conversion_date <= seeing.last_date
    where attribution.tier = 'strong'
    group by
        attribution.model,
        attribution.channel,
        attribution.conversion_date,
        seeing.system,
        seeing.filled_through
),

values_compared as (
    select
        'event_value_mix' as signal,
        'factor' as dimension,
        compared.factor as segment,
        compared.source as system,
        compared.event_date as signal_date,
        count(*) as category_count,
        compared.event_date <= spans.filled_through as is_mature
    from {{ ref("int_signals__purchases_compared") }} as compared
    inner join spans
        on
            compared.source = spans.source
            and spans.shape = 'events'
            and compared.event_date between spans.first_date and spans.last_date
    where compared.factor is not null
    group by compared.source, compared.event_date, compared.factor, spans.filled_through
),

final as (
    select * from hours
    union all
    select * from credit
    union all
    select * from values_compared
)

select * from final
