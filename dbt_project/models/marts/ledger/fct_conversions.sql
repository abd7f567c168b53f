{{ config(materialized="view") }}

-- What is built, and beside it whether what counts it worked on the day: the gates write incidents
-- after the build, and a view shows them at once.
with conversions as (
    select * from {{ ref("int_conversions__reconciled") }}
),

incidents as (
    select * from {{ ref("int_incidents__marking") }}
),

keys as (
    select distinct
        conversion_date,
        source
    from conversions
),

touched as (
    select
        keys.conversion_date,
        keys.source,
        min(incidents.precedence) as precedence
    from keys
    inner join incidents
        on
            incidents.touches_conversions
            and keys.conversion_date >= incidents.onset_date
            and keys.conversion_date < incidents.end_date
            and keys.source = coalesce(incidents.touched_source, keys.source)
    group by keys.conversion_date, keys.source
),

final as (
    select
        conversions.conversion_id,
        conversions.source,
        conversions.record_type,
        conversions.journey_id,
        conversions.goal,
        conversions.tier,
        conversions.status,
        conversions.conversion_at,
        conversions.conversion_date,
        conversions.is_time_known,
        conversions.arrival_date,
        conversions.booked_nights,
        conversions.distribution_channel,
        conversions.booked_amount_local,
        conversions.stayed_amount_local,
        conversions.gross_amount_local,
        conversions.net_amount_local,
        conversions.currency_code,
        conversions.gross_amount,
        conversions.net_amount,
        conversions.margin_amount,
        conversions.unpaid_amount_local,
        conversions.unpaid_amount,
        conversions.has_shop_order,
        conversions.has_crm_record,
        conversions.has_file_record,
        conversions.has_ga4_event,
        conversions.has_ga4_session,
        conversions.has_click_id,
        conversions.witness_count,
        conversions.ga4_event_key,
        conversions.ga4_session_key,
        conversions.match_method,
        conversions.match_confidence,
        conversions.attribution_state,
        conversions.has_consent,
        conversions.is_settled,
        conversions.customer_id,
        conversions.is_new_customer,
        conversions.record_date,
        coalesce(incidents.cause_family, 'ok') as tracking_health,
        incidents.incident_id
    from conversions
    left join touched
        on
            conversions.conversion_date = touched.conversion_date
            and conversions.source = touched.source
    left join incidents on touched.precedence = incidents.precedence
)

select * from final
