-- GA4 capture: of the web orders of a day, how many GA4 saw. Counts only; the gates turn them into
-- an expected range. GA4 adds late events for three days, so younger days are not mature. Days
-- before its export began say nothing, nor do those not delivered yet, which its freshness tells.
with orders as (
    select
        conversion_date,
        has_ga4_event
    from {{ ref("fct_conversions") }}
    where has_shop_order
),

ga4 as (
    select min(landed_through) as landed_through
    from {{ source("trueup", "freshness") }}
    where source = 'ga4'
),

export as (
    select min(record_date) as first_date
    from {{ ref("int_ga4__sessions") }}
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

final as (
    select
        'ga4_capture' as signal,
        'all' as segment,
        orders.conversion_date as signal_date,
        cast(count(*) filter (where orders.has_ga4_event) as bigint) as numerator,
        cast(count(*) as bigint) as denominator,
        orders.conversion_date <= {{ add_days("build.through_date", -3) }} as is_mature
    from orders
    cross join build
    inner join ga4 on orders.conversion_date <= ga4.landed_through
    inner join export on orders.conversion_date >= export.first_date
    group by orders.conversion_date, build.through_date
)

select * from final
