-- Of the rows of a day, how many have a field filled in that marts use and that may be empty. A
-- field that was never filled in says nothing. Rows stand on the day of what they speak of.
{%- set origin = [
    "click_id", "click_id_kind", "utm_source", "utm_medium", "utm_campaign", "referrer",
    "landing_page", "campaign_id",
] %}

with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

-- What a sale that lacks its campaign's words came to is what nobody can credit.
sales as (
    select
        conversion_id,
        gross_amount
    from {{ ref("int_conversions__records") }}
),

orders as (
    select
        orders.*,
        sales.gross_amount,
        {{ local_date("orders.ordered_at", "settings.reporting_zone") }} as row_date
    from {{ ref("shape_orders") }} as orders
    cross join settings
    left join sales on orders.source || ':' || orders.record_id = sales.conversion_id
),

bookings as (
    select
        bookings.*,
        sales.gross_amount,
        {{ local_date("bookings.booked_at", "settings.reporting_zone") }} as row_date
    from {{ ref("shape_bookings") }} as bookings
    cross join settings
    left join sales on bookings.source || ':' || bookings.record_id = sales.conversion_id
),

leads as (
    select
        leads.*,
        {{ local_date("leads.created_at", "settings.reporting_zone") }} as row_date
    from {{ ref("shape_leads") }} as leads
    cross join settings
),

deals as (
    select
        deals.*,
        {{ local_date("deals.created_at", "settings.reporting_zone") }} as row_date
    from {{ ref("shape_deals") }} as deals
    cross join settings
),

server_events as (
    select * from {{ ref("shape_server_events") }}
),

purchase_events as (
    select * from {{ ref("int_events__conversions") }}
    where journey_type = 'order' and is_reversal is not true
),

claims as (
    select * from {{ ref("fct_platform_claims") }}
    where is_headline
),

touches as (
    select
        touches.*,
        {{ local_date("touches.touch_at", "settings.reporting_zone") }} as row_date
    from {{ ref("shape_touches") }} as touches
    cross join settings
),

fields as (
    {{ filled_counts("orders", "orders", "row_date", [
        "transaction_id", "expected_amount_local", "currency_code", "customer_key",
    ] + origin, "gross_amount") }}
    union all
    {{ filled_counts("bookings", "bookings", "row_date", [
        "transaction_id", "arrival_date", "departure_date", "distribution_channel",
        "booked_amount_local", "currency_code", "customer_key",
    ] + origin, "gross_amount") }}
    union all
    {{ filled_counts("leads", "leads", "row_date", ["customer_key", "journey_key"] + origin) }}
    union all
    {{ filled_counts("deals", "deals", "row_date", [
        "amount_local", "currency_code", "customer_key", "journey_key",
    ]) }}
    union all
    {{ filled_counts("touches", "touches", "row_date", ["customer_key"] + origin) }}
    union all
    {{ filled_counts("server_events", "server_events", "sent_date", [
        "transaction_id", "event_at", "has_email", "click_id_kinds", "has_ads_consent",
        "currency_code", "amount_local",
    ]) }}
    union all
    {{ filled_counts("events", "purchase_events", "event_date", [
        "transaction_id", "amount_local", "currency_code", "session_key", "session_source",
    ]) }}
    union all
    {{ filled_counts("claims", "claims", "claim_date", [
        "campaign_id", "claimed_amount_local", "currency_code",
    ]) }}
),

filled as (
    select
        source,
        shape,
        field
    from fields
    group by source, shape, field
    having sum(filled_count) > 0
),

build as (
    select
        {{ add_days("through_date", -3) }} as filled_through,
        through_date
    from {{ source("trueup", "build") }}
),

counted as (
    select
        'field' as dimension,
        fields.source || '.' || fields.shape || '.' || fields.field as segment,
        fields.source as system,
        fields.signal_date,
        fields.filled_count,
        fields.row_count,
        fields.row_amount,
        fields.signal_date <= build.filled_through as is_mature
    from fields
    cross join build
    inner join filled
        on
            fields.source = filled.source
            and fields.shape = filled.shape
            and fields.field = filled.field
    where fields.signal_date <= build.through_date
),

final as (
    {{ signals_of("counted", [("field_filled_share", "filled_count", "row_count", "row_amount")]) }}
)

select * from final
